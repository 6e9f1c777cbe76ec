// SPDX-License-Identifier: Apache-2.0
package dev.signet.xml;

import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** The places of a profile as a tree of names: what a document is held against, tag by tag. */
final class PlaceTree {
    final Step root = new Step("", "", 0);
    /** How many steps there are; each has a number below. */
    final int steps;

    private int count = 1;

    /** @param signatureParent null if no signature is looked for */
    PlaceTree(List<List<QName>> places, @Nullable List<QName> signatureParent) {
        for (int i = 0; i < places.size(); i++) {
            step(places.get(i)).part = i;
        }
        if (signatureParent != null) {
            step(signatureParent).signatureParent = true;
        }
        steps = count;
    }

    private Step step(List<QName> place) {
        Step at = root;
        for (QName name : place) {
            Step child = at.child(name.getNamespaceURI(), name.getLocalPart());
            if (child == null) {
                child = new Step(name.getNamespaceURI(), name.getLocalPart(), count++);
                at.children.add(child);
            }
            at = child;
        }
        return at;
    }

    /** The steps of a place that the tree has. */
    List<Step> steps(List<QName> place) {
        List<Step> found = new ArrayList<>();
        Step at = root;
        for (QName name : place) {
            Step child = at.child(name.getNamespaceURI(), name.getLocalPart());
            if (child == null) {
                throw new IllegalArgumentException("no such place");
            }
            found.add(child);
            at = child;
        }
        return List.copyOf(found);
    }

    /** One name at one place. */
    static final class Step {
        final String uri;
        final String local;
        final int number;
        /** The number of the part that stands here; -1 if none does. */
        int part = -1;

        boolean signatureParent;
        private final List<Step> children = new ArrayList<>(2);

        private Step(String uri, String local, int number) {
            this.uri = uri;
            this.local = local;
            this.number = number;
        }

        @Nullable
        Step child(String namespace, String name) {
            for (int i = 0; i < children.size(); i++) {
                Step child = children.get(i);
                if (child.local.equals(name) && child.uri.equals(namespace)) {
                    return child;
                }
            }
            return null;
        }
    }
}
