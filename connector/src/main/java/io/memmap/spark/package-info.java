/** What Spark calls: the data source's entry points and tables. The top of the house; imports everything below. */
package io.memmap.spark;
