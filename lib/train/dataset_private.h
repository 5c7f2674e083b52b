/* Shared by the reader and the builder of datasets only. */
#ifndef MVTI_TRAIN_DATASET_PRIVATE_H
#define MVTI_TRAIN_DATASET_PRIVATE_H

#include "model/section_file.h"

extern const struct section_format dataset_format;

#endif
