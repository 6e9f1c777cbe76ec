// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import org.junit.jupiter.api.Nested;

/** Every verdict is the same when nobody waits for the body: these are the tests of the other way, run again. */
class AsyncWayTest {
    @Nested
    class OfHttpVerifierTest extends HttpVerifierTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfStreamingTest extends StreamingTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfReplayTest extends ReplayTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfSeveralSignaturesTest extends SeveralSignaturesTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfAlternativePoliciesTest extends AlternativePoliciesTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfBodyFramingTest extends BodyFramingTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfFieldLinesTest extends FieldLinesTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }

    @Nested
    class OfPastVulnerabilitiesTest extends PastVulnerabilitiesTest {
        @Override
        public boolean isAsync() {
            return true;
        }
    }
}
