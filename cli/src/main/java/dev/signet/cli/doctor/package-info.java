// SPDX-License-Identifier: Apache-2.0
/** {@code signet doctor}: {@code DoctorCommand} checks the providers, {@code Stopwatch} measures them. */
@NullMarked
package dev.signet.cli.doctor;

import org.jspecify.annotations.NullMarked;
