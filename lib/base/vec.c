#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool vec_reserve(struct vec *v, size_t n)
{
    if (n <= v->cap)
        return true;
    if (n > SIZE_MAX / 2 / v->size)
        return false;
    size_t cap = v->cap < 16 ? 16 : v->cap;
    while (cap < n)
        cap += cap / 2;
    void *data = realloc(v->data, cap * v->size);
    if (data == NULL)
        return false;
    v->data = data;
    v->cap = cap;
    return true;
}

bool vec_push(struct vec *v, const void *item)
{
    if (v->len == v->cap && !vec_reserve(v, v->len + 1))
        return false;
    memcpy((char *)v->data + v->len * v->size, item, v->size);
    v->len++;
    return true;
}

void vec_free(struct vec *v)
{
    free(v->data);
    *v = (struct vec){.size = v->size};
}
