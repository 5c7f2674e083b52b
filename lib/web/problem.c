#include "web/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "json/json_out.h"

static const struct {
    int status;
    const char *title;
} titles[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
};

enum err problem_set(struct problem *p, enum err code, const char *fmt, ...)
{
    p->status = err_http_status(code);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(p->detail, sizeof p->detail, fmt, ap);
    va_end(ap);
    return code;
}

enum err problem_field(struct problem *p, const char *field, const char *fmt, ...)
{
    if (p->status == 0)
        p->status = 400;
    if (p->n_errors == PROBLEM_FIELDS)
        return ERR_INVALID;
    size_t i = p->n_errors++;
    p->errors[i].field = field;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(p->errors[i].message, sizeof p->errors[i].message, fmt, ap);
    va_end(ap);
    return ERR_INVALID;
}

const char *problem_title(int status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Unknown";
}

void problem_write(const struct problem *p, const char *request_id, struct buf *out)
{
    struct json_out w;
    json_out_start(&w, out);
    json_out_map(&w);
    json_out_text_of(&w, "type", "about:blank");
    json_out_text_of(&w, "title", problem_title(p->status));
    json_out_int_of(&w, "status", p->status);
    const char *detail = p->detail[0] != '\0' ? p->detail : p->n_errors > 0 ? p->errors[0].message : "";
    if (detail[0] != '\0')
        json_out_text_of(&w, "detail", detail);
    if (p->n_errors > 0) {
        json_out_name(&w, "errors");
        json_out_list(&w);
        for (size_t i = 0; i < p->n_errors; i++) {
            json_out_map(&w);
            json_out_text_of(&w, "field", p->errors[i].field);
            json_out_text_of(&w, "message", p->errors[i].message);
            json_out_end(&w);
        }
        json_out_end(&w);
    }
    json_out_text_of(&w, "request_id", request_id);
    json_out_end(&w);
}
