// SPDX-License-Identifier: Apache-2.0
package dev.signet.checks.planted.xml;

import java.net.URI;
import java.util.zip.Inflater;
import javax.xml.transform.TransformerFactory;

/** Fetches, inflates and transforms. */
public final class Fetching {
    public Object all(URI address, Inflater inflater) {
        return new Object[] {address, inflater, TransformerFactory.newInstance()};
    }
}
