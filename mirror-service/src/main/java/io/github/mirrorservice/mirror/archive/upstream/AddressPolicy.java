package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses may be asked for archives: those of the public Internet, and those that the operator allows. Whoever writes
 * metadata must not reach what only this machine can reach.
 *
 * <p>Not public is what IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and what followed it) do not call
 * globally reachable, and multicast. Of IPv6 only 2000::/3 is given out at all.
 */
public final class AddressPolicy {

    private static final List<Block> SPECIAL = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");
    private static final List<Block> PUBLIC = blocks("0.0.0.0/0", "2000::/3");

    /** RFC 6052: an IPv4 address in its last four bytes, as a network without IPv4 reaches it. */
    private static final Block NAT64 = Block.parse("64:ff9b::/96");

    private final Set<String> hosts;
    private final List<Block> addresses;

    private AddressPolicy(Set<String> hosts, List<Block> addresses) {
        this.hosts = Set.copyOf(hosts);
        this.addresses = List.copyOf(addresses);
    }

    /**
     * Allows, besides the public Internet, these.
     *
     * @param allowed host names and addresses, which are allowed by that name, whatever its addresses are; and blocks of
     *     addresses, such as {@code 10.1.0.0/16}, which are allowed by any name
     * @throws IllegalArgumentException if one of them is neither
     */
    public static AddressPolicy of(List<String> allowed) {
        Set<String> hosts = new HashSet<>();
        for (String entry : allowed) {
            if (entry.indexOf('/') < 0) {
                hosts.add(host(entry));
            }
        }
        return new AddressPolicy(
                hosts,
                allowed.stream()
                        .filter(entry -> entry.indexOf('/') >= 0)
                        .map(Block::parse)
                        .toList());
    }

    private static String host(String entry) {
        String host = entry.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
        if (!Url.isAddress(host) && !Url.isName(host)) {
            throw new IllegalArgumentException(("not a host or a block of addresses: %s. Remedy: write a name"
                            + " (cache.example.org), an address (10.1.2.3) or a block (10.1.0.0/16), without scheme or port")
                    .formatted(entry));
        }
        return host;
    }

    /** Whether the host may be asked at that address. */
    boolean allows(String host, InetAddress address) {
        return hosts.contains(host) || isPublic(address) || within(addresses, address.getAddress());
    }

    /** Whether the address belongs to the public Internet. */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] judged = NAT64.contains(bytes) ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
        return within(PUBLIC, judged) && !within(SPECIAL, judged);
    }

    private static boolean within(List<Block> blocks, byte[] address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(Block::parse).toList();
    }

    /** Addresses that share their first bits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(byte[] first, int bits) {

        static Block parse(String text) {
            int slash = text.indexOf('/');
            String address = text.substring(0, slash);
            String bits = text.substring(slash + 1);
            if (!Url.isAddress(address) || !bits.matches("[0-9]{1,3}")) {
                throw bad(text);
            }
            return new Block(bytes(address), Integer.parseInt(bits)).checked(text);
        }

        private Block checked(String text) {
            if (bits > first.length * 8) {
                throw bad(text);
            }
            return this;
        }

        private static IllegalArgumentException bad(String text) {
            return new IllegalArgumentException("not a block of addresses: " + text
                    + ". Remedy: write its first address and the number of bits that all share, as in 10.1.0.0/16");
        }

        boolean contains(byte[] address) {
            return address.length == first.length && (bits == 0 || firstDifference(address) >= bits);
        }

        private int firstDifference(byte[] address) {
            int at = Arrays.mismatch(first, address);
            return at < 0
                    ? first.length * 8
                    : at * 8 + Integer.numberOfLeadingZeros((first[at] ^ address[at]) & 0xff) - 24;
        }
    }

    /** The bytes of an address as it is written; four for an IPv4 address inside IPv6. */
    static byte[] bytes(String address) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address))
                    .getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + address, e);
        }
    }
}
