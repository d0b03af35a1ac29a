#pragma once

/* What Hearth's clients are measured against: the plainest loops on librabbitmq. A negative result is an error, told on standard error. */

struct peer_broker {
    const char *host;
    int port;
    const char *user;
    const char *password;
    const char *vhost;
    const char *exchange;
    const char *key;
    const char *queue;
};

/* Declares the durable topic exchange and a quorum queue bound to it. 0 or negative. */
int peer_declare(const struct peer_broker *broker);

/* Publishes persistent messages, at most `window` of them unconfirmed. Per second. */
double peer_publish(const struct peer_broker *broker, int count, int size, int window);

/* Consumes so many messages and acknowledges each. Per second. */
double peer_consume(const struct peer_broker *broker, int count, int prefetch);
