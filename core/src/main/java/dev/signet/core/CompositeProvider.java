// SPDX-License-Identifier: Apache-2.0
package dev.signet.core;

import java.security.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One provider whose every service is that of the first real provider which has it, so that an engine which takes a single
 * provider for a whole operation gets the fastest one for each of its parts. It is never registered with the platform.
 */
final class CompositeProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private final transient Providers providers;
    private final transient Map<String, Optional<Service>> services = new ConcurrentHashMap<>();

    CompositeProvider(Providers providers) {
        super("Signet", "1.0", "the services of other providers");
        this.providers = providers;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // looks up in concurrent maps only
    public @Nullable Service getService(String type, String algorithm) {
        String name = type + '.' + algorithm;
        Optional<Service> service = services.get(name);
        if (service == null) {
            service = find(providers.order(type, algorithm), type, algorithm);
            services.put(name, service);
        }
        return service.orElse(null);
    }

    private static Optional<Service> find(List<Provider> order, String type, String algorithm) {
        for (Provider provider : order) {
            Service service = provider.getService(type, algorithm);
            if (service != null) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
