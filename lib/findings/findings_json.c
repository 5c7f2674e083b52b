#include "findings/findings_json.h"

#include <stdio.h>

void findings_json_number(struct json_out *w, const char *name, double value)
{
    json_out_digits_of(w, name, value, 9);
}

static void json_difference(struct json_out *w, const char *name, const struct difference *d)
{
    json_out_name(w, name);
    json_out_map(w);
    findings_json_number(w, "control", d->control);
    findings_json_number(w, "variant", d->variant);
    findings_json_number(w, "difference", d->by);
    findings_json_number(w, "low", d->low);
    findings_json_number(w, "high", d->high);
    findings_json_number(w, "detectable", d->detectable);
    json_out_text_of(w, "verdict", findings_verdict_name(d->verdict));
    json_out_end(w);
}

static void json_variant(struct json_out *w, const struct findings *f, size_t i)
{
    const struct findings_variant *v = &f->variants[i];
    json_out_map(w);
    json_out_text_of(w, "name", f->experiment.variants[i].name);
    json_out_int_of(w, "visitors", v->visitors);
    findings_json_number(w, "expected", v->expected);
    json_out_int_of(w, "converted", v->converted);
    findings_json_number(w, "rate", v->rate);
    if (i > 0) {
        json_difference(w, "plain", &v->plain);
        json_difference(w, "cuped", &v->cuped);
        json_out_bool_of(w, "has_past", v->has_past);
        findings_json_number(w, "variance_kept", v->kept);
        findings_json_number(w, "planned_difference", v->lift);
        findings_json_number(w, "visitors_needed", v->needed);
        json_out_text_of(w, "verdict", v->verdict);
    }
    json_out_end(w);
}

void findings_json_write(struct json_out *w, const struct findings *f)
{
    json_out_map(w);
    json_out_text_of(w, "experiment", f->experiment.name);
    json_out_text_of(w, "state", f->experiment.state);
    json_out_text_of(w, "goal", f->goal->name);
    json_out_int_of(w, "visitors", f->visitors);
    json_out_int_of(w, "converted", f->converted);
    json_out_int_of(w, "bots_left_out", f->bots);
    findings_json_number(w, "visitors_per_day", f->per_day);
    findings_json_number(w, "alpha", f->alpha);
    json_out_name(w, "shares");
    json_out_map(w);
    findings_json_number(w, "chi_square", f->ratio.chi_square);
    findings_json_number(w, "p", f->ratio.p);
    findings_json_number(w, "p_at_all_looks", f->ratio.always);
    json_out_bool_of(w, "refused", f->ratio.refused);
    json_out_end(w);
    json_out_name(w, "variants");
    json_out_list(w);
    for (size_t i = 0; i < f->experiment.n; i++)
        json_variant(w, f, i);
    json_out_end(w);
    json_out_text_of(w, "verdict", f->verdict);
    json_out_end(w);
}
