// SPDX-License-Identifier: Apache-2.0
/** Which field of a record is tokenized how: policy files, records, and files of CSV and JSON Lines. */
module dev.signet.records {
    requires transitive dev.signet.tokens;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;

    exports dev.signet.records;
}
