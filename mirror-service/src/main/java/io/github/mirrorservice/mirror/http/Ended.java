package io.github.mirrorservice.mirror.http;

/** Told to the handlers of a connection or stream when the answer under way is over. */
enum Ended {
    /** Its last byte is handed to the socket. */
    WHOLE,
    /** It will not be. */
    CUT
}
