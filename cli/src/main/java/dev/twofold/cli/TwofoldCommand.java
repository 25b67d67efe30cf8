package dev.twofold.cli;

import picocli.CommandLine.Command;

/** The command without a sub-command: help and version. */
@Command(
    name = "twofold",
    description = "Twofold, a buddy page allocator for the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class TwofoldCommand {}
