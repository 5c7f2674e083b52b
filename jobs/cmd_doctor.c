/* mvti doctor: what is wrong with this installation, in plain words, or as JSON for programs. */
#include "doctor.h"

#include "json/json_out.h"

static int print_json(struct doctor *d)
{
    static const char *const states[] = {
        [DOCTOR_GOOD] = "good", [DOCTOR_WRONG] = "wrong", [DOCTOR_NOTE] = "note"};
    const struct doctor_finding *all = d->findings.data;
    struct buf text = {0};
    struct json_out w;
    json_out_start(&w, &text);
    json_out_map(&w);
    json_out_int_of(&w, "wrong", d->wrong);
    json_out_name(&w, "findings");
    json_out_list(&w);
    for (size_t i = 0; i < d->findings.len; i++) {
        json_out_map(&w);
        json_out_text_of(&w, "id", all[i].id);
        json_out_text_of(&w, "about", all[i].about);
        json_out_text_of(&w, "state", states[all[i].mark]);
        json_out_text_of(&w, "text", all[i].text);
        if (all[i].remedy[0] != '\0')
            json_out_text_of(&w, "do", all[i].remedy);
        else
            json_out_null_of(&w, "do");
        json_out_end(&w);
    }
    json_out_end(&w);
    json_out_end(&w);
    bool whole = !text.failed;
    if (whole)
        job_say(d->job, "%s", buf_str(&text));
    buf_free(&text);
    return whole ? JOB_OK : job_fail(d->job, ERR_NOMEM, NULL);
}

static void print_end(struct doctor *d)
{
    if (d->wrong == 0)
        job_say(d->job, "No problems found.");
    else
        job_say(d->job, "%d %s; fix in this order.", d->wrong, d->wrong == 1 ? "problem" : "problems");
}

int cmd_doctor(struct job *job, int argc, char **argv)
{
    bool json = false;
    const struct job_option options[] = {
        {"json", JOB_FLAG, &json, 0, 0,
         "one JSON object for programs: findings with id, state, text and what to do"},
        {0}};
    int n = job_options(argc, argv, "doctor [--json]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct doctor d = {.job = job, .quiet = json};
    doctor_run(&d, false);
    int status = JOB_OK;
    if (json)
        status = print_json(&d);
    else
        print_end(&d);
    vec_free(&d.findings);
    return status == JOB_OK && d.wrong > 0 ? err_exit_status(ERR_UNAVAILABLE) : status;
}
