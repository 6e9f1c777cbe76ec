// SPDX-License-Identifier: Apache-2.0
package dev.signet.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** Messages that are made by hand. */
class HttpMessageBuilderTest {
    @Test
    void request_partsByName_areAsGiven() {
        HttpMessage message = HttpMessage.request("GET")
                .target("/rates?day=1")
                .authority("api.example.com:8080")
                .scheme("http")
                .build();
        assertThat(message.scheme()).isEqualTo("http");
        assertThat(message.authority()).isEqualTo("api.example.com:8080");
        assertThat(message.requestTarget()).isEqualTo("/rates?day=1");
        HttpMessage same = HttpMessage.request("GET", URI.create("http://api.example.com:8080/rates?day=1"))
                .build();
        assertThat(same).isEqualTo(message);
    }

    @Test
    void build_requestWithoutSchemeOrTarget_isRejected() {
        HttpMessageBuilder noTarget = HttpMessage.request("GET").scheme("https").authority("api.example.com");
        HttpMessageBuilder noScheme =
                HttpMessage.request("GET").authority("api.example.com").target("/");
        assertThatThrownBy(noTarget::build).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(noScheme::build).isInstanceOf(IllegalStateException.class);
        assertThat(noTarget.target("/").build().requestTarget()).isEqualTo("/");
    }

    @Test
    void response_partsOfARequest_areRejected() {
        HttpMessageBuilder response = HttpMessage.response(200);
        assertThatThrownBy(() -> response.scheme("https")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> response.authority("api.example.com")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> response.target("/")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void request_emptyMethod_isRejected() {
        assertThatThrownBy(() -> HttpMessage.request("")).isInstanceOf(IllegalArgumentException.class);
    }
}
