package io.github.mirrorservice.mirror.schedule;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** How a lane asks its event loop for the next turn. */
enum HandOver {
    /**
     * Gives way to I/O. A delayed task, however short the delay, is taken only when the loop comes round, and on its way
     * round the loop serves its sockets.
     */
    FAIR {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a turn's failures are its tasks', which report them
        void nextTurn(EventExecutor loop, Runnable turn) {
            loop.schedule(turn, 1, TimeUnit.NANOSECONDS);
        }
    },
    /**
     * Does not give way. The loop runs what is executed on it, and what that executes in turn, for up to
     * {@code io.netty.eventLoop.maxTaskProcessingQuantumMs} (one second) before it looks at its sockets.
     */
    PLAIN {
        @Override
        void nextTurn(EventExecutor loop, Runnable turn) {
            loop.execute(turn);
        }
    };

    abstract void nextTurn(EventExecutor loop, Runnable turn);
}
