package io.efsnas.driver.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.net.URL;

/** Includes what is there: a file that is not, as one whose name is misspelt, would else leave all to the defaults. */
final class StrictIncluder implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    static final StrictIncluder INSTANCE = new StrictIncluder();

    private StrictIncluder() {}

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        ConfigParseable relative = context.relativeTo(what);
        return relative == null ? includeFile(context, new File(what)) : relative.parse(options(context));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return ConfigFactory.parseFile(what, options(context)).root();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        return ConfigFactory.parseURL(what, options(context)).root();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return ConfigFactory.parseResources(what, options(context)).root();
    }

    private ConfigParseOptions options(ConfigIncludeContext context) {
        return context.parseOptions()
                .setAllowMissing(false)
                .setOriginDescription(null)
                .setIncluder(this);
    }
}
