"""The program and its tests, compiled, as the scripts beside this one run them."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONSOLE = "org.junit.platform:junit-platform-console-standalone:1.14.4"
JAVA = ("java", "-ea", "-XX:+AllowRedefinitionToAddDeleteMethods", "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED")


def command(*words, **options):
    return subprocess.run(words, cwd=ROOT, text=True, stdin=subprocess.DEVNULL, **options)


def classpath(work):
    """What the tests run with, compiled."""
    command("mvn", "-q", "-B", "-ntp", "-pl", "mirror-service", "-am", "-Dspotless.check.skip=true", "test-compile",
            "dependency:build-classpath", f"-Dmdep.outputFile={work}/classpath", "-Dmdep.includeScope=test", check=True)
    command("mvn", "-q", "-B", "-ntp", "-N", "dependency:copy", f"-Dartifact={CONSOLE}", f"-DoutputDirectory={work}/console",
            check=True)
    console = next((work / "console").glob("*.jar"))
    folders = [ROOT / module / "target" / kind
               for module in ("mirror-service", "git-ingest", "metrics") for kind in ("test-classes", "classes")]
    return ":".join(map(str, [*folders, (work / "classpath").read_text().strip(), console]))
