"""Rules about files, packages and their options."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation
from treaty.changes.change import Effect, Level
from treaty.changes.protobuf.surfaces import Surface, SurfaceRule
from treaty.changes.rules.protobuf import citations
from treaty.model.roles import Role

RULES: tuple[SurfaceRule, ...] = (
    SurfaceRule(
        id="proto-package-changed",
        effect=Effect.REPLACES,
        surfaces=Surface.CALLS | Surface.RECORDS | Surface.CODE,
        summary="The package of a file is another one.",
        message="{subject} was in package {before} and is now in {after}",
        why="Every full name in the file changes: gRPC calls go to a path that is no longer served, an Any packed before cannot "
        "be unpacked, consumers that look a record up by name do not find it, and generated code has another namespace.",
        before="package wallet.v1;",
        after="package wallet.v2;",
        safe="Add a file in the new package beside the old one, serve both, and remove the old one when nobody calls it.",
        source=citations.PACKAGES,
        reverse="proto-package-changed",
    ),
    SurfaceRule(
        id="proto-file-removed",
        effect=Effect.NONE,
        surfaces=Surface.FILES,
        summary="A file is gone; what it declared may live on in another.",
        message="the file {before} is gone",
        why="Other .proto files import it, and generated code in C++, Python and JavaScript is imported by its path. What was "
        "declared in it and is gone too is reported on its own.",
        before="// money.proto\nmessage Money {}",
        after="// common.proto\nmessage Money {}",
        safe="Leave a file under the old path that holds only `import public` of the new one.",
        source='Protobuf language guide, "Importing Definitions": https://protobuf.dev/programming-guides/proto3/#importing',
        reverse=None,
    ),
    SurfaceRule(
        id="proto-declaration-moved",
        effect=Effect.NONE,
        surfaces=Surface.FILES,
        summary="A message, enum, service or extension is declared in another file of the same package.",
        message="{subject} moved from {before} to {after}",
        why="Bytes, JSON and calls stay the same. Generated code that imports the file (C++, Python, JavaScript) no longer finds "
        "it there.",
        before="// money.proto\nmessage Money {}",
        after="// common.proto\nmessage Money {}",
        safe="Import the new file publicly from the old one.",
        source='Protobuf language guide, "Importing Definitions": https://protobuf.dev/programming-guides/proto3/#importing',
        reverse="proto-declaration-moved",
    ),
    SurfaceRule(
        id="proto-declaration-added",
        effect=Effect.NONE,
        surfaces=Surface.NONE,
        floor=Level.ADDITIVE,
        summary="A message, enum, service, RPC or extension was added.",
        message="{subject} was added",
        why="Nobody has to use it.",
        before="message Money {}",
        after="message Money {}\nmessage Bet {}",
        safe="This is the safe path.",
        source=citations.UPDATING,
        reverse=None,
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Nobody has to use it."),),
    ),
    SurfaceRule(
        id="proto-deprecated-declaration-removed",
        effect=Effect.NONE,
        surfaces=Surface.NONE,
        floor=Level.RISKY,
        summary="A deprecated declaration was removed after its time.",
        message="{subject}, marked deprecated, was removed",
        why="Whoever still uses it breaks, and was told: it was marked deprecated, and its sunset date and `removed_in`, where it "
        "had them, have passed. A field or enum value is only covered when its number and name are reserved.",
        before="rpc Hold(Req) returns (Res) {\n  option deprecated = true;\n}",
        after="// Hold is gone",
        safe="Check the use of the element before it goes (`treaty can-remove`).",
        source=citations.PRACTICES,
        reverse=None,
        deviations=(Deviation(Role.BOTH, Level.RISKY, "It was announced; whoever still uses it was told."),),
    ),
    SurfaceRule(
        id="proto-syntax-changed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="The syntax or edition of a file is another one.",
        message="{subject} was {before} and is now {after}",
        why="Generated code changes shape: accessors of presence, enums, defaults. What it means for presence, enums, UTF-8 and "
        "packing of single declarations is reported on its own where it differs.",
        before='syntax = "proto2";',
        after='syntax = "proto3";',
        safe="Move to editions with `protoc`'s own migration (Prototiller), which keeps the behaviour by setting features.",
        source=citations.FEATURES,
        reverse="proto-syntax-changed",
    ),
    SurfaceRule(
        id="proto-file-option-changed",
        effect=Effect.NONE,
        surfaces=Surface.CODE,
        summary="An option of a file that shapes generated code changed.",
        message="the option of {subject} was {before} and is now {after}",
        why="Code generated from the file has another package, namespace, class name or base class, so the code that uses it "
        "does not compile. Bytes and JSON stay the same.",
        before='option java_package = "com.example.wallet";',
        after='option java_package = "com.example.money";',
        safe="Leave the option; set it right in the next major package.",
        source=citations.OPTIONS,
        reverse="proto-file-option-changed",
    ),
    SurfaceRule(
        id="proto-custom-option-changed",
        effect=Effect.NONE,
        surfaces=Surface.NONE,
        summary="A custom option changed.",
        message="the option {before} of {subject} is now {after}",
        why="Only the tool that reads the option knows what it means: a validator, a gateway, a linter.",
        before="string id = 1 [(acme.max_length) = 32];",
        after="string id = 1 [(acme.max_length) = 64];",
        safe="Look at what reads the option.",
        source='Protobuf language guide, "Custom Options": https://protobuf.dev/programming-guides/proto2/#customoptions',
        reverse="proto-custom-option-changed",
    ),
)
