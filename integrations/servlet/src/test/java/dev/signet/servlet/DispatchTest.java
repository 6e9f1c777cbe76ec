// SPDX-License-Identifier: Apache-2.0
package dev.signet.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that go asynchronous, forward, or fail into an error page. */
class DispatchTest {
    private static final byte[] SMALL = "small body".getBytes(UTF_8);
    private static final byte[] LARGE = new byte[1 << 20];

    private final SignedClient client = SignedClient.create();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private TestServer server;

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        Spools.awaitNone();
    }

    // ---- asynchronous ----------------------------------------------------------------------------------------------

    @Test
    void async_complete_bodyLivesUntilThen() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            AsyncContext context = request.startAsync();
            Thread worker = new Thread(() -> {
                try {
                    returned.await(5, TimeUnit.SECONDS);
                    Thread.sleep(100);
                    HttpServletRequest async = (HttpServletRequest) context.getRequest();
                    response.getWriter()
                            .print(async.getInputStream().readAllBytes().length + " " + Spools.count() + " "
                                    + async.getRemoteUser());
                } catch (Exception e) {
                    seen.add(e.toString());
                } finally {
                    context.complete();
                }
            });
            worker.start();
            returned.countDown();
        });
        assertThat(post(LARGE).body()).isEqualTo(LARGE.length + " 1 client-1");
        assertThat(seen).isEmpty();
        Spools.awaitNone();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void async_dispatch_isNotVerifiedAgainAndKeepsTheVerifiedRequest(boolean mappedToAsync) throws Exception {
        List<DispatcherType> types =
                mappedToAsync ? List.of(DispatcherType.REQUEST, DispatcherType.ASYNC) : List.of(DispatcherType.REQUEST);
        serve(types, (request, response) -> {
            seen.add(request.getDispatcherType() + " " + request.getRemoteUser() + " " + request.getHeader("x-user")
                    + " " + SignatureFilter.verifiedMessage(request).isPresent());
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            } else {
                response.getWriter().print(request.getInputStream().readAllBytes().length);
            }
        });
        HttpResponse<String> response = client.post(server.uri("/a?b"), "text/plain", LARGE)
                .spoil(fields -> fields.put("X-User", "admin"))
                .send();
        assertThat(seen).containsExactly("REQUEST client-1 null true", "ASYNC client-1 null true");
        assertThat(response.body()).isEqualTo(Integer.toString(LARGE.length));
        Spools.awaitNone();
    }

    @Test
    void async_dispatchSeveralTimes_bodyLivesUntilTheLast() throws Exception {
        serve(List.of(DispatcherType.REQUEST, DispatcherType.ASYNC), (request, response) -> {
            seen.add(request.getDispatcherType() + " " + Spools.count());
            if (seen.size() < 4) {
                request.startAsync().dispatch();
            } else {
                response.getWriter().print(request.getInputStream().readAllBytes().length);
            }
        });
        assertThat(post(LARGE).body()).isEqualTo(Integer.toString(LARGE.length));
        assertThat(seen).containsExactly("REQUEST 1", "ASYNC 1", "ASYNC 1", "ASYNC 1");
    }

    @Test
    void async_dispatchOfContainersRequest_isWrappedAgain() throws Exception {
        serve(List.of(DispatcherType.REQUEST, DispatcherType.ASYNC), (request, response) -> {
            seen.add(request.getRemoteUser() + " " + request.getHeader("x-user"));
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                HttpServletRequest bare = (HttpServletRequest) ((HttpServletRequestWrapper) request).getRequest();
                bare.startAsync().dispatch();
            } else {
                response.getWriter().print(request.getInputStream().readAllBytes().length);
            }
        });
        HttpResponse<String> response = client.post(server.uri("/"), "text/plain", LARGE)
                .spoil(fields -> fields.put("X-User", "admin"))
                .send();
        assertThat(seen).containsExactly("client-1 null", "client-1 null");
        assertThat(response.body()).isEqualTo(Integer.toString(LARGE.length));
    }

    @Test
    void async_timeout_removesTheSpool() throws Exception {
        serve(
                List.of(DispatcherType.REQUEST),
                (request, response) -> request.startAsync().setTimeout(100));
        assertThat(post(LARGE).statusCode()).isEqualTo(500);
        Spools.awaitNone();
    }

    @Test
    void async_handlerFailsAfterStart_removesTheSpool() throws Exception {
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            request.startAsync();
            throw new IllegalStateException("the application's");
        });
        assertThat(post(LARGE).statusCode()).isEqualTo(500);
        Spools.awaitNone();
    }

    @Test
    void async_applicationsListener_isCalledToo() throws Exception {
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            AsyncContext context = request.startAsync();
            context.addListener(new AsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                    seen.add("complete");
                }

                @Override
                public void onTimeout(AsyncEvent event) {}

                @Override
                public void onError(AsyncEvent event) {}

                @Override
                public void onStartAsync(AsyncEvent event) {}
            });
            context.complete();
        });
        assertThat(post(LARGE).statusCode()).isEqualTo(200);
        for (int i = 0; i < 200 && seen.isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(seen).containsExactly("complete");
    }

    // ---- read listeners --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1 << 20})
    void readListener_anySize_getsAllAndIsToldTheEndOnce(int size) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            AsyncContext context = request.startAsync();
            ServletInputStream in = request.getInputStream();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            // Set while the handler's thread is in the handler; afterwards the container may lend it to the callback.
            AtomicReference<Thread> handler = new AtomicReference<>(Thread.currentThread());
            in.setReadListener(new ReadListener() {
                @Override
                public void onDataAvailable() throws IOException {
                    seen.add("data" + (Thread.currentThread() == handler.get() ? " on the caller's stack" : ""));
                    byte[] chunk = new byte[1000];
                    while (in.isReady() && !in.isFinished()) {
                        body.write(chunk, 0, in.read(chunk));
                    }
                }

                @Override
                public void onAllDataRead() throws IOException {
                    seen.add("end");
                    response.getWriter().print(body.size());
                    context.complete();
                    done.countDown();
                }

                @Override
                public void onError(Throwable failure) {
                    seen.add(failure.toString());
                    context.complete();
                }
            });
            // The callback may run as soon as the container likes, but not before this returns to it.
            done.await(size == 0 ? 0 : 20, TimeUnit.MILLISECONDS);
            handler.set(null);
        });
        byte[] body = new byte[size];
        HttpResponse<String> response =
                client.call("POST", server.uri("/"), body).send();
        assertThat(response.body()).isEqualTo(Integer.toString(size));
        assertThat(seen).isEqualTo(size == 0 ? List.of("end") : List.of("data", "end"));
    }

    @Test
    void readListener_leavesSomeForAnotherThread_isToldTheEndThen() throws Exception {
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            AsyncContext context = request.startAsync();
            ServletInputStream in = request.getInputStream();
            in.setReadListener(new ReadListener() {
                @Override
                public void onDataAvailable() throws IOException {
                    in.read();
                    new Thread(() -> {
                                try {
                                    Thread.sleep(50);
                                    in.readAllBytes();
                                } catch (Exception e) {
                                    seen.add(e.toString());
                                }
                            })
                            .start();
                }

                @Override
                public void onAllDataRead() {
                    seen.add("end");
                    context.complete();
                }

                @Override
                public void onError(Throwable failure) {
                    seen.add(failure.toString());
                }
            });
        });
        assertThat(post(SMALL).statusCode()).isEqualTo(200);
        assertThat(seen).containsExactly("end");
    }

    @Test
    void readListener_thatFails_isToldItsFailure() throws Exception {
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            AsyncContext context = request.startAsync();
            request.getInputStream().setReadListener(new ReadListener() {
                @Override
                public void onDataAvailable() throws IOException {
                    throw new IOException("the application's");
                }

                @Override
                public void onAllDataRead() {
                    seen.add("end");
                }

                @Override
                public void onError(Throwable failure) {
                    seen.add(String.valueOf(failure.getMessage()));
                    context.complete();
                }
            });
        });
        assertThat(post(SMALL).statusCode()).isEqualTo(200);
        assertThat(seen).containsExactly("the application's");
    }

    @Test
    void readListener_misused_isRejected() throws Exception {
        ReadListener none = new ReadListener() {
            @Override
            public void onDataAvailable() {}

            @Override
            public void onAllDataRead() {}

            @Override
            public void onError(Throwable failure) {}
        };
        serve(List.of(DispatcherType.REQUEST), (request, response) -> {
            ServletInputStream in = request.getInputStream();
            note(() -> in.setReadListener(none));
            AsyncContext context = request.startAsync();
            note(() -> in.setReadListener(null));
            in.setReadListener(none);
            note(() -> in.setReadListener(none));
            context.complete();
        });
        assertThat(post(SMALL).statusCode()).isEqualTo(200);
        assertThat(seen).containsExactly("IllegalStateException", "NullPointerException", "IllegalStateException");
    }

    // ---- other dispatches ------------------------------------------------------------------------------------------

    @Test
    void forward_ofAdmittedRequest_isNotVerifiedAgain() throws Exception {
        server = TestServer.create()
                .filter(SignedClient.filter(), DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.INCLUDE)
                .servlet(
                        "/from",
                        (request, response) ->
                                request.getRequestDispatcher("/to?more=1").forward(request, response))
                .servlet("/to", (request, response) -> {
                    seen.add(request.getRequestURI() + " " + request.getParameter("more") + request.getParameter("a")
                            + " " + request.getRemoteUser() + " " + request.getHeader("x-user"));
                    request.getRequestDispatcher("/part").include(request, response);
                })
                .servlet("/part", (request, response) -> response.getWriter().print("part"))
                .start();
        HttpResponse<String> response = client.post(
                        server.uri("/from"), "application/x-www-form-urlencoded", "a=2".getBytes(UTF_8))
                .spoil(fields -> fields.put("X-User", "admin"))
                .send();
        assertThat(response.body()).isEqualTo("part");
        assertThat(seen).containsExactly("/to 12 client-1 null");
    }

    @Test
    void forward_ofRequestThatWasNotVerified_isRefused() throws Exception {
        server = TestServer.create()
                .filter("/protected", SignedClient.filter(), DispatcherType.REQUEST, DispatcherType.FORWARD)
                .servlet(
                        "/open",
                        (request, response) ->
                                request.getRequestDispatcher("/protected").forward(request, response))
                .servlet("/protected", (request, response) -> seen.add("reached"))
                .start();
        SignatureFilterTest.assertRefused(
                client.send(HttpRequest.newBuilder(server.uri("/open")).build()), 401, "signature-not-acceptable");
        // Nor does a good signature help: it is for another target.
        SignatureFilterTest.assertRefused(client.get(server.uri("/open")).send(), 401, "signature-not-acceptable");
        SignatureFilterTest.assertRefused(
                client.get(server.uri("/open"))
                        .signedFor(server.uri("/protected"))
                        .send(),
                401,
                "signature-not-acceptable");
        assertThat(seen).isEmpty();
    }

    @Test
    void async_dispatchOfRequestThatWasNotVerified_isRefused() throws Exception {
        server = TestServer.create()
                .filter("/protected", SignedClient.filter(), DispatcherType.REQUEST, DispatcherType.ASYNC)
                .servlet("/open", (request, response) -> request.startAsync().dispatch("/protected"))
                .servlet("/protected", (request, response) -> seen.add("reached"))
                .start();
        SignatureFilterTest.assertRefused(
                client.send(HttpRequest.newBuilder(server.uri("/open")).build()), 401, "signature-not-acceptable");
        assertThat(seen).isEmpty();
    }

    @Test
    void error_pageOfAdmittedRequest_seesTheCallerIfMapped() throws Exception {
        server = TestServer.create()
                .filter(SignedClient.filter(), DispatcherType.REQUEST, DispatcherType.ERROR)
                .servlet("/fails", (request, response) -> response.sendError(HttpServletResponse.SC_CONFLICT))
                .servlet("/throws", (request, response) -> {
                    throw new IllegalStateException("the application's");
                })
                .servlet(
                        "/error",
                        (request, response) ->
                                response.getWriter().print(request.getRemoteUser() + " " + request.getHeader("x-user")))
                .errorPage("/error")
                .start();
        for (String target : List.of("/fails", "/throws")) {
            HttpResponse<String> response = client.post(server.uri(target), "text/plain", LARGE)
                    .spoil(fields -> fields.put("X-User", "admin"))
                    .send();
            assertThat(response.statusCode()).isEqualTo(target.equals("/fails") ? 409 : 500);
            assertThat(response.body()).isEqualTo("client-1 null");
            Spools.awaitNone();
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private void note(Attempt attempt) {
        try {
            attempt.run();
            seen.add("nothing");
        } catch (Exception e) {
            seen.add(e.getClass().getSimpleName());
        }
    }

    private void serve(List<DispatcherType> types, TestServer.Handler handler) {
        server = TestServer.create()
                .filter(
                        SignedClient.filter(),
                        types.get(0),
                        types.subList(1, types.size()).toArray(new DispatcherType[0]))
                .servlet("/*", handler)
                .start();
    }

    private HttpResponse<String> post(byte[] body) throws Exception {
        return client.post(server.uri("/"), "text/plain", body).send();
    }
}
