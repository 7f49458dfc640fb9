/* The handshake of a WebSocket (RFC 6455, section 4.2): what a request must say, the answer, and handing the socket to the relay. */
#include "internal.h"
#include "relay.h"
#include <fcntl.h>
#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <strings.h>

#define PROTOCOL "assay.terminal.v1"
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_LEN 24 /* 16 bytes as base64 */
#define ACCEPT_SIZE (BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1)

struct wanted {
	const char *name, *token;
	bool found;
};

/* A comma-separated list, in one header or several. */
static enum MHD_Result look_for_token(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	struct wanted *w = arg;
	struct str rest = str_of(value ? value : ""), token;
	if (strcasecmp(name, w->name) == 0)
		while (str_next_field(&rest, ',', &token))
			w->found |= str_eq_nocase(str_trim(token), str_of(w->token));
	return MHD_YES;
}

static bool has_token(const struct request *rq, const char *name, const char *token)
{
	struct wanted w = {name, token, false};
	MHD_get_connection_values(rq->connection, MHD_HEADER_KIND, look_for_token, &w);
	return w.found;
}

static bool is_key(const char *key)
{
	struct base64_decode_ctx ctx;
	uint8_t bytes[BASE64_DECODE_LENGTH(KEY_LEN)];
	size_t len = sizeof bytes;
	base64_decode_init(&ctx);
	return key && strlen(key) == KEY_LEN && base64_decode_update(&ctx, &len, bytes, KEY_LEN, key) && base64_decode_final(&ctx) && len == 16;
}

bool handshake_check(struct request *rq, struct err *err)
{
	const char *version = request_header(rq, "Sec-WebSocket-Version");
	if (rq->head || !has_token(rq, "Connection", "upgrade") || !has_token(rq, "Upgrade", "websocket"))
		return err_set(err, ERR_USAGE, "this address is a WebSocket");
	if (!version || strcmp(version, "13") != 0) {
		reply_header(rq, "Sec-WebSocket-Version", xstrdup("13"));
		return err_set(err, ERR_USAGE, "only version 13 of the WebSocket protocol is spoken here");
	}
	if (!is_key(request_header(rq, "Sec-WebSocket-Key")))
		return err_set(err, ERR_USAGE, "Sec-WebSocket-Key is missing or wrong");
	if (!has_token(rq, "Sec-WebSocket-Protocol", PROTOCOL))
		return err_set(err, ERR_USAGE, "Sec-WebSocket-Protocol must offer " PROTOCOL);
	return true;
}

static void accept_of(const char *key, char out[ACCEPT_SIZE])
{
	struct sha1_ctx ctx;
	uint8_t digest[SHA1_DIGEST_SIZE];
	sha1_init(&ctx);
	sha1_update(&ctx, KEY_LEN, (const uint8_t *)key);
	sha1_update(&ctx, strlen(GUID), (const uint8_t *)GUID);
	sha1_digest(&ctx, sizeof digest, digest);
	base64_encode_raw(out, sizeof digest, digest);
	out[ACCEPT_SIZE - 1] = 0;
}

/* The head of the answer is sent: the socket is ours until the handle is closed. */
static void upgraded(void *arg, struct MHD_Connection *connection, void *context, const char *extra, size_t extra_len, MHD_socket fd,
                     struct MHD_UpgradeResponseHandle *handle)
{
	(void)arg;
	struct request *rq = context;
	connection_upgraded(connection);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	relay_attach(rq->server->relay, take_ptr(rq->terminal), fd, (struct str){extra, extra_len}, handle);
}

enum MHD_Result handshake_send(struct request *rq)
{
	char accept[ACCEPT_SIZE];
	struct MHD_Response *response = MHD_create_response_for_upgrade(upgraded, NULL);
	if (!response)
		return MHD_NO;
	accept_of(request_header(rq, "Sec-WebSocket-Key"), accept);
	MHD_add_response_header(response, "Upgrade", "websocket");
	MHD_add_response_header(response, "Sec-WebSocket-Accept", accept);
	MHD_add_response_header(response, "Sec-WebSocket-Protocol", PROTOCOL);
	enum MHD_Result queued = MHD_queue_response(rq->connection, MHD_HTTP_SWITCHING_PROTOCOLS, response);
	MHD_destroy_response(response);
	return queued;
}
