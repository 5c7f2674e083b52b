/* A Parquet file of one batch: what DuckDB, Polars, pyarrow, Spark and BigQuery read. The format is Apache's:
 * https://github.com/apache/parquet-format (README.md for the layout, parquet.thrift for the metadata).
 *
 *   "PAR1"
 *   one row group, a column chunk a column, one data page (version 1) each:
 *       PageHeader, then compressed with GZIP: uint32 length and RLE runs of the definition levels, the values in PLAIN
 *   FileMetaData, uint32 its length, "PAR1"
 *
 * Every column is optional; all have the lowest and the highest value and the number of NULLs in the statistics. Types: INT64; DOUBLE;
 * BYTE_ARRAY with STRING; INT64 with TIMESTAMP(MICROS, UTC); INT32 with DATE. A batch without rows is a file without a row group.
 * Nothing else of the format is written: no dictionary pages, no nested columns, no indexes, no encryption.
 *
 * Why our own: neither Arrow nor another writer of Parquet is packaged for Debian 12. */
#ifndef MVTI_EXPORT_PARQUET_H
#define MVTI_EXPORT_PARQUET_H

#include "base/buf.h"
#include "export/batch.h"

/* The whole file to the end of out, which is empty. The same batch gives the same bytes. ERR_NOMEM; ERR_TOO_LARGE: 2 GiB in a column. */
MUST_USE enum err parquet_file(struct buf *out, const struct batch *b);

#endif
