/** The classes that Spark calls: the entry points of the data source and its catalogs, and their tables. The top of the house; imports everything below. */
package io.memmap.spark;
