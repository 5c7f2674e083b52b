#include "stats/sequence.h"

#include <math.h>

double sequence_width(double n, double plan, double alpha)
{
    double rho2 = (-2 * log(alpha) + log1p(-2 * log(alpha))) / plan;
    double grown = n * rho2 + 1;
    return sqrt(2 * grown / (n * rho2) * (log(grown) / 2 - log(alpha)));
}

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
