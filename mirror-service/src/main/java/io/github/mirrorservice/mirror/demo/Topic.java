package io.github.mirrorservice.mirror.demo;

import java.util.List;

/**
 * What a project is about.
 *
 * @param word the form for names and tags
 * @param title the form for sentences
 */
record Topic(String word, String title) {

    private static final List<Topic> ALL = List.of(
            new Topic("json", "JSON"),
            new Topic("http", "HTTP"),
            new Topic("tls", "TLS"),
            new Topic("dns", "DNS"),
            new Topic("csv", "CSV"),
            new Topic("xml", "XML"),
            new Topic("sql", "SQL"),
            new Topic("time", "calendar time"),
            new Topic("graph", "graph"),
            new Topic("matrix", "matrix"),
            new Topic("regex", "regular expression"),
            new Topic("unicode", "Unicode"),
            new Topic("config", "configuration file"),
            new Topic("log", "structured log"),
            new Topic("queue", "message queue"),
            new Topic("cache", "cache"),
            new Topic("crypto", "cryptography"),
            new Topic("image", "image"),
            new Topic("audio", "audio"),
            new Topic("term", "terminal"),
            new Topic("geo", "map projection"),
            new Topic("diff", "text difference"),
            new Topic("tar", "archive"),
            new Topic("solver", "constraint"));

    static Topic of(Dice dice) {
        return dice.pick(ALL);
    }
}
