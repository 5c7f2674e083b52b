/* Shared by the reader and the builder of datasets only. */
#ifndef MVTI_DATA_DATASET_PRIVATE_H
#define MVTI_DATA_DATASET_PRIVATE_H

#include "base/section_file.h"

extern const struct section_format dataset_format;

#endif
