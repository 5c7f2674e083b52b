#include "script.h"

#include <jsc/jsc.h>
#include <stdlib.h>

struct script {
    char *text;
    size_t n;
    JSCVirtualMachine *machine;
};

/* Pictures are short work: compiling to machine code costs more than it saves, and needs memory that is both written and run. */
static void settle(void)
{
    jsc_options_set_boolean(JSC_OPTIONS_USE_JIT, FALSE);
}

/* What went wrong in a world, if anything did. */
static enum err check(JSCContext *world, struct fail *why)
{
    JSCException *thrown = jsc_context_get_exception(world);
    if (thrown == NULL)
        return ERR_OK;
    char *text = jsc_exception_to_string(thrown);
    fail_set(why, ERR_INVALID, "the script says: %.300s", text);
    g_free(text);
    return ERR_INVALID;
}

static enum err read_text(const char *path, struct script *s, struct fail *why)
{
    GError *error = NULL;
    if (g_file_get_contents(path, &s->text, &s->n, &error))
        return ERR_OK;
    bool missing = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    fail_set(why, missing ? ERR_NOT_FOUND : ERR_IO, "%s", error->message);
    g_error_free(error);
    return missing ? ERR_NOT_FOUND : ERR_IO;
}

/* A new world with the script in it; g_object_unref. */
static enum err begin(struct script *s, JSCContext **world, struct fail *why)
{
    *world = jsc_context_new_with_virtual_machine(s->machine);
    g_object_unref(jsc_context_evaluate(*world, s->text, (gssize)s->n));
    return check(*world, why);
}

enum err script_open(const char *path, struct script **out, struct fail *why)
{
    struct script *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = read_text(path, s, why);
    if (rc == ERR_OK) {
        settle();
        s->machine = jsc_virtual_machine_new();
        JSCContext *world;
        rc = begin(s, &world, why);
        g_object_unref(world);
    }
    if (rc != ERR_OK)
        script_close(s);
    else
        *out = s;
    return rc;
}

enum err script_draw(struct script *s, const char *facts, struct buf *svg, struct fail *why)
{
    JSCContext *world;
    enum err rc = begin(s, &world, why);
    if (rc == ERR_OK) {
        JSCValue *picture = jsc_context_get_value(world, "picture");
        JSCValue *drawn = jsc_value_function_call(picture, G_TYPE_STRING, facts, G_TYPE_NONE);
        rc = check(world, why);
        if (rc == ERR_OK) {
            char *text = jsc_value_to_string(drawn);
            buf_puts(svg, text);
            g_free(text);
        }
        g_object_unref(drawn);
        g_object_unref(picture);
    }
    g_object_unref(world);
    if (rc == ERR_OK && svg->failed)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return rc;
}

void script_close(struct script *s)
{
    if (s == NULL)
        return;
    g_clear_object(&s->machine);
    g_free(s->text);
    free(s);
}
