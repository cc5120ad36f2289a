// SPDX-License-Identifier: Apache-2.0
package io.lockjam.race;

import io.lockjam.control.LoadedList.Loaded;
import java.util.List;

/** Tells the application's own classes from those of libraries, by package and by the kind of class. */
final class OwnCode {
    private static final List<String> LIBRARIES = List.of(
            "akka.", "android.", "antlr.", "bsh.", "ch.qos.", "com.codahale.", "com.datastax.", "com.fasterxml.",
            "com.github.benmanes.", "com.google.", "com.hazelcast.", "com.lmax.", "com.mchange.", "com.microsoft.",
            "com.mongodb.", "com.mysql.", "com.netflix.", "com.oracle.", "com.rabbitmq.", "com.squareup.", "com.typesafe.",
            "com.zaxxer.", "freemarker.", "groovy.", "io.dropwizard.", "io.grpc.", "io.javalin.", "io.jsonwebtoken.",
            "io.lettuce.", "io.micrometer.", "io.micronaut.", "io.netty.", "io.opentelemetry.", "io.prometheus.",
            "io.quarkus.", "io.r2dbc.", "io.reactivex.", "io.smallrye.", "io.swagger.", "io.undertow.", "io.vertx.",
            "jakarta.", "javassist.", "junit.", "kotlin.", "kotlinx.", "lombok.", "net.bytebuddy.", "net.sf.", "ognl.",
            "okhttp3.", "okio.", "org.antlr.", "org.apache.", "org.aspectj.", "org.assertj.", "org.bouncycastle.",
            "org.checkerframework.", "org.codehaus.", "org.eclipse.", "org.elasticsearch.", "org.glassfish.", "org.h2.",
            "org.hibernate.", "org.hsqldb.", "org.infinispan.", "org.jboss.", "org.jctools.", "org.jetbrains.", "org.joda.",
            "org.jooq.", "org.jsoup.", "org.junit.", "org.mariadb.", "org.mockito.", "org.objectweb.", "org.ow2.",
            "org.postgresql.", "org.quartz.", "org.reactivestreams.", "org.slf4j.", "org.springframework.", "org.sqlite.",
            "org.testng.", "org.thymeleaf.", "org.w3c.", "org.wildfly.", "org.xerial.", "org.xml.", "org.yaml.", "play.",
            "reactor.", "redis.clients.", "retrofit2.", "scala.", "software.amazon.", "zipkin2.");

    private OwnCode() {}

    /** A class without a place it came from was made at run time. */
    static boolean is(Loaded type) {
        String name = type.name();
        return !type.origin().isEmpty()
                && !name.contains("$$")
                && LIBRARIES.stream().noneMatch(name::startsWith);
    }
}
