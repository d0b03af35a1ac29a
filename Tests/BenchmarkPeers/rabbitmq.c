#include "peers.h"
#include "clock.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int failed(amqp_connection_state_t connection, const char *what) {
    amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection);
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return 0;
    fprintf(stderr, "librabbitmq: %s failed (%d, %s)\n", what, (int)reply.reply_type, amqp_error_string2(reply.library_error));
    return 1;
}

static amqp_connection_state_t open_connection(const struct peer_broker *broker) {
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    if (!socket || amqp_socket_open(socket, broker->host, broker->port) != AMQP_STATUS_OK) {
        fprintf(stderr, "librabbitmq: no connection to %s:%d\n", broker->host, broker->port);
        amqp_destroy_connection(connection);
        return NULL;
    }
    amqp_rpc_reply_t login =
        amqp_login(connection, broker->vhost, 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, broker->user, broker->password);
    if (login.reply_type != AMQP_RESPONSE_NORMAL || !amqp_channel_open(connection, 1)) {
        fprintf(stderr, "librabbitmq: %s may not sign in\n", broker->user);
        amqp_destroy_connection(connection);
        return NULL;
    }
    return connection;
}

static void close_connection(amqp_connection_state_t connection) {
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(connection);
}

int peer_declare(const struct peer_broker *broker) {
    amqp_connection_state_t connection = open_connection(broker);
    if (!connection) return -1;
    amqp_bytes_t exchange = amqp_cstring_bytes(broker->exchange), queue = amqp_cstring_bytes(broker->queue);
    amqp_exchange_declare(connection, 1, exchange, amqp_cstring_bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
    int bad = failed(connection, "declaring the exchange");
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes("x-queue-type")};
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = amqp_cstring_bytes("quorum");
    amqp_table_t arguments = {.num_entries = 1, .entries = &entry};
    if (!bad) {
        amqp_queue_declare(connection, 1, queue, 0, 1, 0, 0, arguments);
        bad = failed(connection, "declaring the queue");
    }
    if (!bad) {
        amqp_queue_bind(connection, 1, queue, exchange, amqp_cstring_bytes(broker->key), amqp_empty_table);
        bad = failed(connection, "binding the queue");
    }
    close_connection(connection);
    return bad ? -1 : 0;
}

/* The library writes every frame by itself; gathering them in the kernel is what makes a run of small ones cheap. */
static void cork(amqp_connection_state_t connection, int on) {
    setsockopt(amqp_get_sockfd(connection), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

/* Waits for one frame of confirmations; returns the newest tag that is certainly confirmed, or 0 after an error. */
static unsigned long confirmed(amqp_connection_state_t connection, unsigned long before) {
    amqp_frame_t frame;
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK) return 0;
    if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) return 0;
    unsigned long tag = ((amqp_basic_ack_t *)frame.payload.method.decoded)->delivery_tag;
    amqp_maybe_release_buffers(connection);
    /* Those of one quorum queue come in order, single or not. */
    return tag > before ? tag : before;
}

double peer_publish(const struct peer_broker *broker, int count, int size, int window) {
    amqp_connection_state_t connection = open_connection(broker);
    if (!connection) return -1;
    amqp_confirm_select(connection, 1);
    if (failed(connection, "confirm.select")) return -1;
    char *body = malloc((size_t)size);
    memset(body, 'x', (size_t)size);
    amqp_bytes_t bytes = {.len = (size_t)size, .bytes = body};
    amqp_bytes_t exchange = amqp_cstring_bytes(broker->exchange), key = amqp_cstring_bytes(broker->key);
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
    unsigned long sent = 0, done = 0;
    int bad = 0;
    double start = seconds_now();
    while (!bad && done < (unsigned long)count) {
        if (sent < (unsigned long)count && sent - done < (unsigned long)window) {
            cork(connection, 1);
            while (!bad && sent < (unsigned long)count && sent - done < (unsigned long)window) {
                bad = amqp_basic_publish(connection, 1, exchange, key, 0, 0, &properties, bytes) != AMQP_STATUS_OK;
                sent++;
            }
            cork(connection, 0);
        }
        unsigned long newest = bad ? 0 : confirmed(connection, done);
        if (newest == 0) bad = 1;
        else done = newest;
    }
    double rate = count / (seconds_now() - start);
    free(body);
    close_connection(connection);
    if (bad) fprintf(stderr, "librabbitmq: publishing failed after %lu\n", done);
    return bad ? -1 : rate;
}

double peer_consume(const struct peer_broker *broker, int count, int prefetch) {
    amqp_connection_state_t connection = open_connection(broker);
    if (!connection) return -1;
    amqp_basic_qos(connection, 1, 0, (uint16_t)prefetch, 0);
    amqp_basic_consume(connection, 1, amqp_cstring_bytes(broker->queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    if (failed(connection, "basic.consume")) return -1;
    int bad = 0, taken = 0;
    double start = seconds_now();
    while (!bad && taken < count) {
        amqp_envelope_t envelope;
        struct timeval patience = {.tv_sec = 10};
        amqp_maybe_release_buffers(connection);
        bad = amqp_consume_message(connection, &envelope, &patience, 0).reply_type != AMQP_RESPONSE_NORMAL;
        if (bad) break;
        bad = amqp_basic_ack(connection, 1, envelope.delivery_tag, 0) != AMQP_STATUS_OK;
        amqp_destroy_envelope(&envelope);
        taken++;
    }
    double rate = count / (seconds_now() - start);
    close_connection(connection);
    if (bad) fprintf(stderr, "librabbitmq: consuming failed after %d\n", taken);
    return bad ? -1 : rate;
}
