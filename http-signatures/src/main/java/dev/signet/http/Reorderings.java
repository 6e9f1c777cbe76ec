// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Other orders of what has several parts: a query's parameters, a field's lines, a list's members. */
final class Reorderings {
    /** Parts of which all orders are tried. */
    private static final int MAX_PERMUTED = 4;

    private static final int MAX_PARTS = 64;
    private static final String QUERY = "the query's parameters were put into another order";
    private static final String LINES = "the field's lines were put into another order";
    private static final String MEMBERS = "the members of the list were put into another order";
    private static final String MEMBER_ADDED = "a member of the list was added on the way";

    private Reorderings() {}

    static Map<String, String> derived(Component component, String here) {
        Map<String, String> guesses = new LinkedHashMap<>();
        int question = here.indexOf('?');
        boolean hasQuery = component.name().equals("@query")
                || component.name().equals("@target-uri")
                || component.name().equals("@request-target");
        if (hasQuery && question >= 0) {
            String start = here.substring(0, question + 1);
            List<String> parts = Arrays.asList(here.substring(question + 1).split("&", -1));
            orders(parts).forEach(order -> guesses.put(start + String.join("&", order), QUERY));
        }
        return guesses;
    }

    static Map<String, String> field(String here, List<String> lines) {
        Map<String, String> guesses = new LinkedHashMap<>();
        List<String> trimmed = lines.stream().map(String::trim).toList();
        orders(trimmed).forEach(order -> guesses.put(String.join(", ", order), LINES));
        if (here.indexOf('"') >= 0) {
            // A comma in quotes separates nothing.
            return guesses;
        }
        List<String> members =
                Arrays.stream(here.split(",", -1)).map(String::trim).toList();
        orders(members).stream()
                // In the same order it is the white space that differs.
                .filter(order -> !order.equals(members))
                .forEach(order -> guesses.putIfAbsent(String.join(", ", order), MEMBERS));
        for (int i = 0; members.size() > 1 && members.size() <= MAX_PARTS && i < members.size(); i++) {
            List<String> fewer = new ArrayList<>(members);
            fewer.remove(i);
            guesses.putIfAbsent(String.join(", ", fewer), MEMBER_ADDED);
        }
        return guesses;
    }

    private static List<List<String>> orders(List<String> parts) {
        List<List<String>> orders = new ArrayList<>();
        if (parts.size() < 2 || parts.size() > MAX_PARTS) {
            return orders;
        }
        if (parts.size() <= MAX_PERMUTED) {
            permute(new ArrayList<>(), new ArrayList<>(parts), orders);
            return orders;
        }
        List<String> sorted = new ArrayList<>(parts);
        Collections.sort(sorted);
        orders.add(List.copyOf(sorted));
        Collections.reverse(sorted);
        orders.add(sorted);
        List<String> reversed = new ArrayList<>(parts);
        Collections.reverse(reversed);
        orders.add(reversed);
        for (int i = 0; i + 1 < parts.size(); i++) {
            List<String> swapped = new ArrayList<>(parts);
            Collections.swap(swapped, i, i + 1);
            orders.add(swapped);
        }
        return orders;
    }

    private static void permute(List<String> start, List<String> rest, List<List<String>> orders) {
        if (rest.isEmpty()) {
            orders.add(List.copyOf(start));
            return;
        }
        for (int i = 0; i < rest.size(); i++) {
            List<String> longer = new ArrayList<>(start);
            List<String> fewer = new ArrayList<>(rest);
            longer.add(fewer.remove(i));
            permute(longer, fewer, orders);
        }
    }
}
