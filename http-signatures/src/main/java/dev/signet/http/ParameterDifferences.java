// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says in which parts two {@code @signature-params} lines differ: names only, no values. */
final class ParameterDifferences {
    static final String PREFIX = "\"@signature-params\": ";

    private final List<String> texts = new ArrayList<>();

    private ParameterDifferences() {}

    /** The parameters that a signature base ends with; empty if its last line is none of such. */
    static Optional<SfInnerList> parse(String lastLine, SfLimits limits) {
        if (!lastLine.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            SfDictionary one = StructuredFields.parseDictionary("sig=" + lastLine.substring(PREFIX.length()), limits);
            return one.size() == 1 && one.value(0) instanceof SfInnerList list ? Optional.of(list) : Optional.empty();
        } catch (SfException e) {
            return Optional.empty();
        }
    }

    static ParameterDifferences between(SfInnerList signed, SfInnerList here) {
        ParameterDifferences differences = new ParameterDifferences();
        differences.components(identifiers(signed), identifiers(here));
        differences.parameters(signed.parameters(), here.parameters());
        return differences;
    }

    int count() {
        return texts.size();
    }

    @Override
    public String toString() {
        return String.join("; ", texts);
    }

    private void components(List<String> signed, List<String> here) {
        if (signed.equals(here)) {
            return;
        }
        Set<String> missing = new LinkedHashSet<>(signed);
        here.forEach(missing::remove);
        Set<String> added = new LinkedHashSet<>(here);
        signed.forEach(added::remove);
        if (!missing.isEmpty()) {
            texts.add("the signer covers " + String.join(" ", missing) + ", the message does not");
        }
        if (!added.isEmpty()) {
            texts.add("the message covers " + String.join(" ", added) + ", the signer does not");
        }
        if (missing.isEmpty() && added.isEmpty()) {
            texts.add("the components are in another order");
        }
    }

    private void parameters(SfParameters signed, SfParameters here) {
        for (int i = 0; i < signed.size(); i++) {
            String name = signed.key(i);
            SfValue other = here.get(name);
            if (other == null) {
                texts.add(name + " is missing in the message");
            } else if (!text(other).equals(text(signed.value(i)))) {
                texts.add(name + " has another value");
            }
        }
        for (int i = 0; i < here.size(); i++) {
            if (signed.get(here.key(i)) == null) {
                texts.add(here.key(i) + " was added in the message");
            }
        }
        if (texts.isEmpty() && !names(signed).equals(names(here))) {
            texts.add("the parameters are in another order");
        }
    }

    private static List<String> names(SfParameters parameters) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            names.add(parameters.key(i));
        }
        return names;
    }

    private static List<String> identifiers(SfInnerList list) {
        return list.items().stream().map(SfSerializer::serialize).toList();
    }

    private static String text(SfValue value) {
        return SfSerializer.serialize(new SfItem(value));
    }
}
