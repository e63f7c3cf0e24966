/* The evaluation: the script's expressions one by one, and how they ended.
 *
 * Runs in a worker, on R's stack, and ends its process. Whether the script completed is decided
 * here, by whether R came back, and not in R code, whose every function the script may have
 * replaced. */
#include "harness/harness.h"

#include <stdio.h>

#include "drawing/drawing.h"
#include "wire/wire.h"

/* R's mark of a visible value; where an R hides it, withVisible() tells, at the price of a frame.
 */
extern Rboolean R_Visible __attribute__((weak));

static struct {
    SEXP value; /* a list of the last visible value, or empty */
    R_xlen_t position;
    bool finished;
    bool ending; /* what is left to tell is being told */
} script;

/* Makes `{ expression }`. The braces add no frame; by their srcref R knows where it is, as it must
 * before it compiles a loop. */
static SEXP block(SEXP expression, SEXP reference) {
    SEXP call = PROTECT(Rf_lang2(harness_function("block"), expression));
    SEXP references = PROTECT(Rf_allocVector(VECSXP, 2));
    SET_VECTOR_ELT(references, 0, reference);
    SET_VECTOR_ELT(references, 1, reference);
    Rf_setAttrib(call, Rf_install("srcref"), references);
    UNPROTECT(2);
    return call;
}

/* Evaluates a top-level expression below no frame of ours, and prints its value as R's own loop
 * does. */
static void evaluate_one(SEXP expression, SEXP reference) {
    SEXP value;
    expression = PROTECT(block(expression, reference));
    bool visible;
    if (&R_Visible != NULL) {
        R_Visible = TRUE;
        value = PROTECT(Rf_eval(expression, R_GlobalEnv));
        visible = R_Visible;
    } else {
        SEXP call = PROTECT(Rf_lang2(harness_function("evaluate"), expression));
        SEXP answer = Rf_eval(call, R_GlobalEnv);
        UNPROTECT(1);
        value = PROTECT(VECTOR_ELT(answer, 0));
        visible = Rf_asLogical(VECTOR_ELT(answer, 1)) == TRUE;
    }
    set_in_base(".Last.value", value);
    if (visible) {
        SET_VECTOR_ELT(script.value, 0, value);
        SET_VECTOR_ELT(script.value, 1, R_BlankScalarString);
        Rf_PrintValue(value);
    }
    UNPROTECT(2);
}

/* Handlers are R's global ones: they add no frame below the script, and are gone with this process.
 */
static void evaluate_all(void *unused) {
    (void)unused;
    SEXP expressions = run_element("expressions");
    int *lines = INTEGER(run_element("lines"));
    SEXP references = run_element("references");
    SEXP sources = run_element("sources");
    SEXP handle = PROTECT(Rf_lang1(harness_function("handle")));
    Rf_eval(handle, R_GlobalEnv);
    UNPROTECT(1);
    for (R_xlen_t i = 0; i < Rf_xlength(expressions); i++) {
        script.position = i;
        begin_line(lines[i]);
        forget_error();
        if (sources != R_NilValue)
            report_source(lines[i], STRING_ELT(sources, i));
        evaluate_one(VECTOR_ELT(expressions, i), VECTOR_ELT(references, i));
        settle_warnings();
        if (i + 1 < Rf_xlength(expressions))
            expression_ended();
    }
    script.finished = true;
}

/* The error's text as the script's own functions made it; the hints are ours. */
static void report_failure(void) {
    settle_warnings();
    settle_error();
    const struct noted_error *error = noted_error();
    SEXP expressions = run_element("expressions");
    SEXP expression = Rf_xlength(expressions) > script.position
                          ? VECTOR_ELT(expressions, script.position)
                          : R_NilValue;
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, expression));
    SEXP printed = PROTECT(Rf_mkString(printed_error()));
    SEXP warned = PROTECT(Rf_ScalarString(last_warning()));
    SEXP condition = PROTECT(Rf_lang2(R_QuoteSymbol, error->condition));
    SEXP call = PROTECT(Rf_lang5(harness_function("hints"), condition, printed, warned, quoted));
    report_error(PROTECT(call_quietly(call)));
    UNPROTECT(6);
}

static void report_parse_error(SEXP error) {
    frame_begin(RAMPART_FRAME_ERROR);
    json_key("error");
    json_value(error);
    frame_send(true);
}

static SEXP described(SEXP value, int rows) {
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, value));
    SEXP count = PROTECT(Rf_ScalarInteger(rows));
    SEXP call = PROTECT(Rf_lang3(harness_function("value"), quoted, count));
    SEXP description = call_quietly(call);
    UNPROTECT(3);
    return description;
}

static void report_last_value(void) {
    static const int rows[] = {20, 2, 0};
    if (VECTOR_ELT(script.value, 1) == R_NilValue)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SEXP description = PROTECT(described(VECTOR_ELT(script.value, 0), rows[i]));
        bool sent = description == R_NilValue || report_value(description);
        UNPROTECT(1);
        if (sent)
            return;
    }
}

static void report_descriptions(void) {
    SEXP plots = PROTECT(drawn_plots());
    for (R_xlen_t i = 0; i < Rf_xlength(plots); i++) {
        SEXP call = PROTECT(Rf_lang2(harness_function("plot"), VECTOR_ELT(plots, i)));
        report_description(PROTECT(call_quietly(call)));
        UNPROTECT(2);
    }
    UNPROTECT(1);
}

static void advise_on_run(void) {
    SEXP call = PROTECT(Rf_lang2(harness_function("after"), PROTECT(drawn_plots())));
    report_advice(PROTECT(call_quietly(call)));
    UNPROTECT(3);
}

static void close_quietly(void *failed) {
    close_devices(*(bool *)failed);
}

/* Reports what is left to tell, and leaves the process with status 0. */
static _Noreturn void finish(bool completed) {
    bool failed = !completed;
    R_ToplevelExec(close_quietly, &failed);
    if (completed)
        report_last_value();
    finish_notes();
    fflush(NULL);
    report_end(completed);
    report_descriptions();
    if (completed)
        advise_on_run();
    leave(0);
}

/* From here on nothing of the script's is begun: neither its options(error =), nor a quit(). */
static void begin_ending(void) {
    script.ending = true;
    SEXP call = PROTECT(Rf_lang1(harness_function("ending")));
    call_quietly(call);
    UNPROTECT(1);
}

static SEXP handled_error(void) {
    SEXP call = PROTECT(Rf_lang1(harness_function("handled_error")));
    SEXP error = call_quietly(call);
    UNPROTECT(1);
    return error;
}

/* The script ended itself. Where it did so because an error stopped it, that is what is told. */
void end_by_quit(int status) {
    if (script.ending)
        Rf_error("the script is over");
    begin_ending();
    bool completed = status == 0 && !is_error_raised();
    if (!completed) {
        note_quit(status, PROTECT(handled_error()));
        report_failure();
        UNPROTECT(1);
    }
    finish(completed);
}

/* Evaluates a prepared run and reports it. Ends the process. */
SEXP rampart_evaluate(SEXP run) {
    begin_run(run);
    script.value = Rf_allocVector(VECSXP, 2);
    R_PreserveObject(script.value);
    set_in_base(".Last.value", R_NilValue);
    begin_notes();
    forget_error();
    heed_quit();
    begin_pages(run_element("charts"));
    SEXP parse_error = run_element("parse_error");
    if (parse_error == R_NilValue)
        R_ToplevelExec(evaluate_all, NULL);
    begin_ending();
    if (parse_error != R_NilValue)
        report_parse_error(parse_error);
    else if (!script.finished)
        report_failure();
    finish(script.finished);
}
