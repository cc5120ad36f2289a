// SPDX-License-Identifier: Apache-2.0
package io.lockjam.demo.eventloopnetty;

import io.lockjam.demo.ShopGuests;
import io.lockjam.demo.Stage;
import io.lockjam.demo.Work;
import io.lockjam.demo.Worst;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * A shop on Netty, all connections on one event loop. Three times a second somebody asks for a report, and the handler, which runs on the
 * loop, calls the report service, 120 ms; every other connection waits behind it.
 *
 * <p>Lockjam reports: event-loop-blocked, thread {@code netty-loop-1}, by {@code EventLoopNetty.fetchReport} called in {@code
 * channelRead0}. The cure: a worker thread calls; the answer goes back by {@code writeAndFlush}, which any thread may call.
 */
@Sharable
public final class EventLoopNetty extends SimpleChannelInboundHandler<ByteBuf> {
    private final boolean handOver;
    private final ExecutorService workers;
    private final LongAdder answers = new LongAdder();

    private EventLoopNetty(Stage stage) {
        handOver = stage.fixed();
        workers = stage.pool(Executors.newFixedThreadPool(2, stage.named("report-worker")));
    }

    public static void run(Stage stage) throws InterruptedException, IOException {
        EventLoopNetty shop = new EventLoopNetty(stage);
        EventLoopGroup loops =
                stage.pool(new MultiThreadIoEventLoopGroup(1, stage.named("netty-loop"), NioIoHandler.newFactory()));
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(shop);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        Worst slowest = ShopGuests.letIn(stage, server.localAddress());
        stage.report(() -> shop.answers + " answers", "slowest page this second, ms", slowest::millisSinceLast);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf request) throws InterruptedException {
        while (request.isReadable()) {
            byte question = request.readByte();
            if (question == ShopGuests.PAGE) {
                answer(context, question);
            } else if (handOver) {
                workers.execute(() -> fetchForLater(context));
            } else {
                fetchReport();
                answer(context, question);
            }
        }
    }

    private static void fetchReport() throws InterruptedException {
        Work.remoteCall(120);
    }

    private void fetchForLater(ChannelHandlerContext context) {
        try {
            fetchReport();
            answer(context, ShopGuests.REPORT);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // who has gone needs no answer
    private void answer(ChannelHandlerContext context, byte answer) {
        context.writeAndFlush(context.alloc().buffer(1).writeByte(answer));
        answers.increment();
    }
}
