// SPDX-License-Identifier: Apache-2.0
/**
 * {@code signet xml}: {@code XmlCommand} with {@code XmlSign}, {@code XmlVerify}, {@code XmlEncrypt} and
 * {@code XmlDecrypt}.
 *
 * <p>Options: {@code XmlProfileOptions}, {@code XmlPlaceOptions}, {@code XmlKeyOptions}. Reading: {@code XmlReading},
 * {@code XmlNames}, {@code Certificates}.
 */
@NullMarked
package dev.signet.cli.xml;

import org.jspecify.annotations.NullMarked;
