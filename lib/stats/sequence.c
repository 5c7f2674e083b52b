#include "stats/sequence.h"

#include <math.h>

/* Robbins' normal mixture, theorem 2.2 of the header's paper, with ρ² of its appendix B.2; ln √(nρ² + 1) is half a logarithm. */
double sequence_width(double n, double plan, double alpha)
{
    double rho2 = (-2 * log(alpha) + log1p(-2 * log(alpha))) / plan;
    double grown = n * rho2 + 1;
    return sqrt(2 * grown / (n * rho2) * (log(grown) / 2 - log(alpha)));
}

/* one/√n · width falls in n, though the width by itself grows in the end: the first n that reaches is bracketed, then found by halving. */
double sequence_people(double one, double reach, double plan, double alpha)
{
    double low = 1, high = 1;
    while (high <= 1e12 && one / sqrt(high) * sequence_width(high, plan, alpha) > reach)
        low = high, high *= 2;
    if (high > 1e12)
        return INFINITY;
    while (high - low > 0.5) {
        double middle = (low + high) / 2;
        if (one / sqrt(middle) * sequence_width(middle, plan, alpha) > reach)
            low = middle;
        else
            high = middle;
    }
    return ceil(high);
}
