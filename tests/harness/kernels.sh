# shellcheck shell=bash
# Sourced after tools/stack.sh.

# Programs of the tests get the kernels that `mvti` takes for itself (lib/num/dense.h): what is measured is what serves, and one thread
# of the oldest kernels dies on new processors.
stack_kernels() {
    local kernels
    kernels=${OPENBLAS_CORETYPE:-$("$STACK_BUILD/tests/tools/kernels")}
    [ -z "$kernels" ] || export OPENBLAS_CORETYPE=$kernels
}
