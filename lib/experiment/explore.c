#include "experiment/explore.h"

#include <math.h>

size_t explore_places(size_t n, double share, size_t *places)
{
    /* A share such as 0.1 of 20 comes as a float a little off. */
    size_t k = (size_t)floor(share * (double)n + 1e-4);
    k = k < EXPLORE_PLACES ? k : EXPLORE_PLACES;
    for (size_t i = 0; i < k; i++)
        places[i] = (i + 1) * n / k - 1;
    return k;
}

size_t explore_draw(const double *m, size_t n, double temperature, double u, double *chances)
{
    double most = m[0], sum = 0, below = 0;
    size_t drawn = 0;
    for (size_t i = 1; i < n; i++)
        most = m[i] > most ? m[i] : most;
    for (size_t i = 0; i < n; i++)
        sum += chances[i] = exp((m[i] - most) / temperature);
    for (size_t i = 0; i < n; i++)
        chances[i] /= sum;
    for (size_t i = 0; i < n && u >= below; i++) {
        drawn = chances[i] > 0 ? i : drawn; /* the last that can be, where rounding leaves u above the sum */
        below += chances[i];
    }
    return drawn;
}
