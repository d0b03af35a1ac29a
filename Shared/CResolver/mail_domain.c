#include "CResolver.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

// Whether the answer to a question of this type holds anything: 1, 0 for an answer that says no, -1 for no answer.
static int holds(struct __res_state *state, const char *name, int type, int *is_null) {
    unsigned char answer[4096];
    int length = res_nquery(state, name, ns_c_in, type, answer, sizeof answer);
    if (length < 0) return state->res_h_errno == 1 /* HOST_NOT_FOUND */ || state->res_h_errno == 4 /* NO_DATA */ ? 0 : -1;
    ns_msg message;
    if (length > (int)sizeof answer || ns_initparse(answer, length, &message) < 0) return -1;
    int count = ns_msg_count(message, ns_s_an);
    int found = 0;
    for (int index = 0; index < count; ++index) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, index, &record) < 0) return -1;
        if ((int)ns_rr_type(record) != type) continue;
        ++found;
        // RFC 7505: a single exchanger "." of preference 0.
        if (type == ns_t_mx && ns_rr_rdlen(record) == 3 && ns_rr_rdata(record)[2] == 0) *is_null = 1;
    }
    return found > 0;
}

int hearth_accepts_mail(const char *domain) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) < 0) return -1;
    state.retrans = 2;
    state.retry = 1;
    int is_null = 0;
    int verdict = holds(&state, domain, ns_t_mx, &is_null);
    if (is_null) verdict = 0;
    else if (verdict == 0) {
        verdict = holds(&state, domain, ns_t_a, &is_null);
        if (verdict == 0) verdict = holds(&state, domain, ns_t_aaaa, &is_null);
    }
    res_nclose(&state);
    return verdict;
}
