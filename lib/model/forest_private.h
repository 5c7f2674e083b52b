/* Shared by reading (forest.c) and building (forest_build.c). */
#ifndef MVTI_MODEL_FOREST_PRIVATE_H
#define MVTI_MODEL_FOREST_PRIVATE_H

#include "base/section_file.h"

extern const struct section_format forest_format;

#endif
