/** Programs to start from, one idea and one {@code main} each. They use what a user of the jar sees and nothing else. */
package io.memmap.examples;
