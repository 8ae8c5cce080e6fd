import java.net.InetSocketAddress;
import reactor.netty.http.server.HttpServer;

/** The rival of the restart: a JVM that binds Reactor Netty to a port of the loopback, answers 200, and does nothing else. */
public final class Bare {

    private Bare() {}

    /** Serves on the port that is the only argument, until it is told to end. */
    public static void main(String[] arguments) {
        HttpServer.create()
                .bindAddress(() -> new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])))
                .handle((request, response) -> response.send())
                .bindNow()
                .onDispose()
                .block();
    }
}
