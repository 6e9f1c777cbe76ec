// SPDX-License-Identifier: Apache-2.0
package dev.signet.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of JSON Lines: one JSON text (RFC 8259) a line, in which no member stands twice. Only the bytes of the values that
 * fields name are replaced; all others stay.
 *
 * <p>On the way to a field only null and absence mean that it is not there. Anything else than what its pointer expects, such as
 * a list where an object was, may hold the value in a form that nobody named, and rejects the row.
 */
final class JsonRows extends RowFormat {
    private final JsonFactory factory = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private final Place root = new Place();

    /** A node of the tree of all pointers. */
    private static final class Place {
        private final Map<String, Place> children = new HashMap<>();
        private int field = BlockCells.REMOVAL;
        private final List<Integer> contextOf = new ArrayList<>();
        private final List<Integer> versionOf = new ArrayList<>();
        private boolean isDropped;
        private @Nullable FieldTarget added;
        /** A field further on whose pointer goes through an object here; null if there is none. */
        private @Nullable FieldTarget throughObject;
        /** The same through a list. */
        private @Nullable FieldTarget throughList;
        /** The steps of {@link #throughList}. */
        private final Set<String> elements = new HashSet<>();
        /** The field of {@link #throughList}, and the last element of the list that any field names. */
        private int listField;

        private long lastElement = -1;

        Place at(FieldTarget target) {
            Place place = this;
            for (String part : target.path()) {
                place = place.children.computeIfAbsent(part, unused -> new Place());
            }
            return place;
        }

        void field(FieldTarget target, int number) {
            Place place = this;
            for (String part : target.path()) {
                if (FieldTarget.isIndex(part)) {
                    if (place.throughList == null) {
                        place.throughList = target;
                        place.listField = number;
                    }
                    place.elements.add(part);
                    place.lastElement =
                            Math.max(place.lastElement, part.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(part));
                } else {
                    place.throughObject = place.throughObject == null ? target : place.throughObject;
                }
                place = place.children.computeIfAbsent(part, unused -> new Place());
            }
            place.field = number;
        }

        boolean isRead() {
            return field != BlockCells.REMOVAL || !contextOf.isEmpty() || !versionOf.isEmpty();
        }
    }

    JsonRows(List<FieldPlan> plans) {
        super(plans);
        for (int field = 0; field < plans.size(); field++) {
            FieldPlan plan = plans.get(field);
            root.field(plan.target(), field);
            FieldTarget context = plan.field().context;
            if (context != null) {
                root.at(context).contextOf.add(field);
            }
            FieldTarget read = plan.readVersion();
            if (read != null) {
                root.at(read).versionOf.add(field);
                root.at(read).isDropped |= plan.dropsVersion();
            }
            FieldTarget added = plan.addedVersion();
            if (added != null) {
                root.at(added).added = added;
            }
        }
    }

    @Override
    void read(BlockCells cells) {
        RowBlock block = cells.block();
        for (int row = 0; row < block.rows(); row++) {
            cells.begin(row);
            int start = block.start(row);
            int end = block.contentEnd(row);
            // Jackson would take what follows a byte order mark, or zeros, for UTF-16 or UTF-32.
            for (int i = start; i < Math.min(start + 4, end); i++) {
                if (block.bytes()[i] == 0 || block.bytes()[start] < 0) {
                    cells.reject(Rejection.ofRow("not JSON in UTF-8"));
                }
            }
            try (JsonParser parser = factory.createParser(block.bytes(), start, end - start)) {
                new Walk(cells, parser, start).walk(root);
            } catch (JsonProcessingException e) {
                // Jackson's own message may quote the content.
                boolean isDoubled = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
                cells.reject(
                        isDoubled
                                ? new Rejection("", "member-doubled", "a member stands twice in one object")
                                : Rejection.ofRow("not well-formed JSON"));
            } catch (IOException e) {
                // Such as bytes that are no UTF-8.
                cells.reject(Rejection.ofRow("not well-formed JSON"));
            }
        }
        cells.end();
    }

    private final class Walk {
        private final BlockCells cells;
        private final JsonParser parser;
        private final int origin;

        Walk(BlockCells cells, JsonParser parser, int origin) {
            this.cells = cells;
            this.parser = parser;
            this.origin = origin;
        }

        void walk(Place root) throws IOException {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                object(root);
            } else if (token == JsonToken.START_ARRAY) {
                array(root);
            } else {
                cells.reject(Rejection.ofRow("not a JSON object"));
            }
            if (parser.nextToken() != null) {
                cells.reject(Rejection.ofRow("more than one JSON text in a line"));
            }
        }

        private void object(Place place) throws IOException {
            boolean isAnyKept = false;
            int elements = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Place child = place.children.get(parser.currentName());
                int keyStart = child != null && child.isDropped ? tokenStart() : 0;
                JsonToken token = parser.nextToken();
                if (child == null) {
                    parser.skipChildren();
                    isAnyKept = true;
                    continue;
                }
                if (!place.elements.isEmpty() && place.elements.contains(parser.currentName())) {
                    elements++;
                }
                value(child, token, true);
                if (child.isDropped) {
                    remove(keyStart, tokenEnd(), isAnyKept);
                } else {
                    isAnyKept = true;
                }
            }
            // RFC 6901, 4: to an object such a step is the name of a member.
            if (place.throughList != null && elements < place.elements.size()) {
                rejectWay(place.throughList, "an object stands where a list was expected");
            }
        }

        private void array(Place place) throws IOException {
            if (place.throughObject != null) {
                rejectWay(place.throughObject, "a list stands where an object was expected");
            }
            int index = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                Place child = place.children.get(Integer.toString(index++));
                if (child == null) {
                    parser.skipChildren();
                } else {
                    value(child, token, false);
                }
            }
            if (place.throughList != null && index > place.lastElement + 1) {
                cells.beyond(place.listField);
            }
        }

        private void value(Place place, JsonToken token, boolean isMember) throws IOException {
            if (place.added != null) {
                // Even null: a second member of this name would make the line ambiguous.
                cells.reject(new Rejection(
                        place.added.text(), "version-present", "a member stands already where the version would go"));
            }
            if (place.field != BlockCells.REMOVAL) {
                cells.met(place.field);
            }
            if (place.isRead() && token != JsonToken.VALUE_NULL) {
                scalar(place, token, isMember);
            }
            if (token == JsonToken.START_OBJECT) {
                object(place);
            } else if (token == JsonToken.START_ARRAY) {
                array(place);
            } else if (token != JsonToken.VALUE_NULL) {
                FieldTarget target = place.throughObject != null ? place.throughObject : place.throughList;
                if (target != null) {
                    String kind = token == JsonToken.VALUE_STRING ? "a string" : "a number or a boolean";
                    rejectWay(target, kind + " stands where an object or a list was expected");
                }
            }
        }

        private void rejectWay(FieldTarget target, String message) {
            cells.reject(new Rejection(target.text(), "value-malformed", "on the way to it " + message));
        }

        private void scalar(Place place, JsonToken token, boolean isMember) throws IOException {
            boolean isText = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
            String text = isText ? parser.getText() : null;
            if (place.field != BlockCells.REMOVAL) {
                FieldPlan plan = plans().get(place.field);
                if (token != JsonToken.VALUE_STRING || text == null) {
                    cells.reject(new Rejection(plan.target().text(), "value-malformed", "not a string"));
                } else if (!isMember && (plan.addedVersion() != null || plan.readVersion() != null)) {
                    cells.reject(new Rejection(
                            plan.target().text(),
                            "value-malformed",
                            "in a list there is no place for a version beside it"));
                } else {
                    cells.value(place.field, text);
                    cells.edit(tokenStart(), tokenEnd(), place.field);
                }
            }
            if (text != null && !text.isEmpty()) {
                place.contextOf.forEach(field -> cells.context(field, text));
                if (token == JsonToken.VALUE_STRING) {
                    place.versionOf.forEach(field -> cells.version(field, text));
                }
            }
        }

        /** Takes a member away with the comma in front of it, or behind it if no other stands before. */
        private void remove(int start, int end, boolean isAnyBefore) {
            byte[] bytes = cells.block().bytes();
            if (isAnyBefore) {
                int from = start - 1;
                while (bytes[from] != ',') {
                    from--;
                }
                cells.edit(from, end, BlockCells.REMOVAL);
                return;
            }
            int to = end;
            while (isBlank(bytes[to])) {
                to++;
            }
            if (bytes[to] == ',') {
                to++;
                while (isBlank(bytes[to])) {
                    to++;
                }
            }
            cells.edit(start, to, BlockCells.REMOVAL);
        }

        private int tokenStart() {
            return origin + (int) parser.currentTokenLocation().getByteOffset();
        }

        private int tokenEnd() throws IOException {
            parser.finishToken();
            return origin + (int) parser.currentLocation().getByteOffset();
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    @Override
    void writeResult(ByteBuilder out, BlockCells cells, int edit, String result) {
        FieldPlan plan = plans().get(cells.editField(edit));
        writeString(out, plan.prefix() + result);
        FieldTarget version = plan.addedVersion();
        if (version != null) {
            out.add(',');
            writeString(out, version.leaf());
            out.add(':');
            writeString(out, String.valueOf(plan.adds()));
        }
    }

    private static void writeString(ByteBuilder out, String text) {
        char[] quoted = JsonStringEncoder.getInstance().quoteAsString(text);
        out.add('"').add(new String(quoted)).add('"');
    }
}
