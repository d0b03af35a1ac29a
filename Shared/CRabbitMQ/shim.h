#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <amqp_ssl_socket.h>
#include <sys/eventfd.h>

/* Swift cannot call a variadic function. */
static inline amqp_rpc_reply_t hearth_amqp_login(
    amqp_connection_state_t state, const char *vhost, int channel_max, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
    return amqp_login_with_properties(
        state, vhost, channel_max, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

/* What wakes a connection's thread from its poll; <sys/eventfd.h> is in no module of Swift's own. */
static inline int hearth_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
