#include "stats/normal.h"

#include <math.h>

double normal_above(double z)
{
    return erfc(z / M_SQRT2) / 2;
}

/* Above 40 the tail is less than the smallest double; each halving gives a bit. */
double normal_point(double p)
{
    double low = 0, high = 40;
    for (int i = 0; i < 64; i++) {
        double middle = (low + high) / 2;
        if (normal_above(middle) > p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double normal_chi_square_above(double x, int degrees)
{
    if (!(x > 0))
        return 1;
    /* Q(x; k + 2) = Q(x; k) + (x/2)^(k/2) e^(-x/2) / Γ(k/2 + 1) */
    int k = degrees % 2 == 1 ? 1 : 2;
    double above = k == 1 ? erfc(sqrt(x / 2)) : exp(-x / 2);
    for (; k < degrees; k += 2)
        above += exp(k / 2.0 * log(x / 2) - x / 2 - lgamma(k / 2.0 + 1));
    return above < 1 ? above : 1;
}
