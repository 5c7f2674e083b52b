/* Read before every file by clang-tidy (tests/tools/lint): tells the analyzer, which does not look into other
 * files, that fail_set returns the code it is given, so that it does not follow "failed, and went on as if it
 * had not". */
#include "base/err.h"
#define fail_set(why, code, ...) ((void)fail_set(why, code, __VA_ARGS__), (code))
