#include "peers.h"
#include "clock.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct load {
    const char *url;
    int window;
    double end;
    int rows;
    unsigned seed;
    long answered;
    int failed;
};

static int send_select(PGconn *connection, struct load *load) {
    char key[16];
    snprintf(key, sizeof key, "%d", 1 + (int)(rand_r(&load->seed) % (unsigned)load->rows));
    const char *values[] = {key};
    return PQsendQueryPrepared(connection, "s", 1, values, NULL, NULL, 0) && PQpipelineSync(connection);
}

static int prepare(PGconn *connection) {
    PGresult *result = PQprepare(connection, "s", "SELECT abalance FROM pgbench_accounts WHERE aid = $1::int", 0, NULL);
    int ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return ok && PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection);
}

/* Takes every answer that is there; returns how many statements are done, or -1. */
static int take_answers(PGconn *connection, int in_flight) {
    int done = 0;
    while (done < in_flight && !PQisBusy(connection)) {
        PGresult *result = PQgetResult(connection);
        if (!result) continue;
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC) done++;
        else if (status != PGRES_TUPLES_OK) return -1;
    }
    return done;
}

static void *run(void *context) {
    struct load *load = context;
    PGconn *connection = PQconnectdb(load->url);
    load->failed = PQstatus(connection) != CONNECTION_OK || !prepare(connection);
    int in_flight = 0;
    while (!load->failed && (in_flight > 0 || seconds_now() < load->end)) {
        int sending = seconds_now() < load->end;
        while (sending && in_flight < load->window && !load->failed) {
            load->failed = !send_select(connection, load);
            in_flight++;
        }
        struct pollfd readable = {.fd = PQsocket(connection), .events = POLLIN};
        if (load->failed || PQflush(connection) < 0 || poll(&readable, 1, 5000) <= 0 || !PQconsumeInput(connection)) {
            load->failed = 1;
            break;
        }
        int done = take_answers(connection, in_flight);
        if (done < 0) load->failed = 1;
        else in_flight -= done, load->answered += done;
    }
    if (load->failed) fprintf(stderr, "libpq: %s", PQerrorMessage(connection));
    PQfinish(connection);
    return NULL;
}

double peer_select(const char *url, int connections, int window, double seconds, int rows) {
    pthread_t threads[16];
    struct load loads[16];
    if (connections > 16) return -1;
    double start = seconds_now();
    for (int i = 0; i < connections; i++) {
        loads[i] = (struct load){.url = url, .window = window, .end = start + seconds, .rows = rows, .seed = (unsigned)i + 1};
        if (pthread_create(&threads[i], NULL, run, &loads[i]) != 0) return -1;
    }
    long answered = 0;
    int failed = 0;
    for (int i = 0; i < connections; i++) {
        pthread_join(threads[i], NULL);
        answered += loads[i].answered;
        failed |= loads[i].failed;
    }
    return failed ? -1 : (double)answered / (seconds_now() - start);
}
