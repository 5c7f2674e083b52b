/* Prints the kernels that OpenBLAS should use here (dense_better_kernels), or nothing: for the scripts that
 * run test programs, which do not start themselves again as `mvti` does. */
#include <stdio.h>

#include "num/dense.h"

int main(void)
{
    const char *better = dense_better_kernels();
    if (better != NULL)
        puts(better);
    return 0;
}
