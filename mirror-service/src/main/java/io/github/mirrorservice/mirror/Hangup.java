package io.github.mirrorservice.mirror;

import java.lang.reflect.Proxy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * SIGHUP, which asks a daemon to read its configuration again. The JVM's way to hear of a signal is in its supported module
 * jdk.unsupported, but the compiler warns of the name, and not every platform has this signal: so it is looked up.
 */
final class Hangup {

    private Hangup() {}

    /** Emits whenever the process gets one, from the subscription on, and never ends; of several at once, the last. */
    static Flux<String> signals() {
        return Flux.create(Hangup::listen, FluxSink.OverflowStrategy.LATEST);
    }

    private static void listen(FluxSink<String> signals) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        signals.next("HUP");
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), told);
        } catch (ReflectiveOperationException noSuchSignal) {
            // Nobody can send it then.
        }
    }
}
