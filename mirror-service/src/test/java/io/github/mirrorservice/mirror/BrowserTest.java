package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser. What it looks like is left in {@code target/screenshots}. */
final class BrowserTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** It would warn that it knows this browser by its protocol alone, which is all that is used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    @TempDir
    Path directory;

    private Upstream upstream;
    private RunningMirror mirror;
    private Optional<ChromeDriver> opened = Optional.empty();

    @BeforeAll
    static void keepSeleniumQuiet() {
        SELENIUM.setLevel(Level.SEVERE);
    }

    @BeforeEach
    void mirror() {
        assumeTrue(
                program("chromium").isPresent() && program("chromedriver").isPresent(),
                "not run: the page in a real browser, since chromium and chromedriver are not on the PATH");
        upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1", "c.1");
        mirror = RunningMirror.of(upstream.url(), directory.resolve("data"));
        mirror.sync();
    }

    @AfterEach
    void close() {
        opened.ifPresent(ChromeDriver::quit);
        if (mirror != null) {
            mirror.close();
            upstream.close();
        }
    }

    @Test
    void what_is_published_while_the_page_is_open_appears_on_it() {
        ChromeDriver browser = open();
        String before = commit(browser);

        String after = upstream.putPackage("d.1", "new").commit().hex();
        mirror.sync();

        assertThat(before).isNotEqualTo(after);
        await(browser).until(ExpectedConditions.textToBe(By.cssSelector("#served code"), after));
        assertThat(browser.findElement(By.id("ingest")).getText()).contains("changed");
        assertThat(browser.findElements(By.cssSelector("#ingest svg rect"))).isNotEmpty();
        assertThat(browser.findElement(By.id("connection")).getText()).isEqualTo("This page follows the mirror.");
    }

    @Test
    void a_publication_that_is_held_back_appears_and_goes_again() {
        ChromeDriver browser = open();
        upstream.removePackage("a.1").removePackage("b.1").commit();
        mirror.sync();

        await(browser).until(ExpectedConditions.textToBePresentInElementLocated(By.id("state"), "held back"));
        screenshot(browser, "held");

        upstream.putPackage("a.1", "back").putPackage("b.1", "back").commit();
        mirror.sync();
        await(browser).until(ExpectedConditions.textToBePresentInElementLocated(By.id("state"), "All is well"));
    }

    @Test
    void it_asks_nobody_else_and_breaks_no_policy_of_its_own() {
        ChromeDriver browser = open();
        await(browser).until(ExpectedConditions.textToBePresentInElementLocated(By.id("connection"), "follows"));

        assertThat(strings(browser, "return performance.getEntriesByType('resource').map(entry => entry.name)"))
                .allSatisfy(address -> assertThat(address).startsWith(mirror.url() + "/"));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    @Test
    void a_script_that_somebody_gets_into_it_does_not_run() {
        ChromeDriver browser = open();

        browser.executeScript("""
                const script = document.createElement("script");
                script.textContent = "document.title = 'taken over'";
                document.body.append(script);
                document.getElementById("served").innerHTML = "<img src='/none' onerror='document.title = 1'>";
                """);

        assertThat(browser.getTitle()).isEqualTo("opam mirror");
    }

    @Test
    void it_is_whole_without_scripts() {
        ChromeDriver browser = start(Map.of("profile.managed_default_content_settings.javascript", 2));
        browser.get(mirror.url());

        assertThat(browser.getPageSource())
                .contains("All is well")
                .contains("opam init --bare " + mirror.url())
                .contains("3 in 3 versions")
                .doesNotContain("<button");
    }

    @Test
    void the_keyboard_reaches_the_commands_and_copies_them() {
        ChromeDriver browser = open();
        WebElement page = browser.findElement(By.tagName("body"));

        page.sendKeys(Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).startsWith("opam repository set-url default");
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Copy");
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);

        await(browser).until(ExpectedConditions.textToBe(By.cssSelector("button"), "Copied"));
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 375, 800, 1600})
    void no_screen_is_too_narrow(int width) {
        ChromeDriver browser = open();
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));

        assertThat((Long) result(browser, "return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(width);
        screenshot(browser, "width-" + width);
    }

    @ParameterizedTest
    @CsvSource({"light", "dark"})
    void every_text_stands_out_from_what_is_behind_it(String scheme) throws IOException {
        Files.move(directory.resolve("git"), directory.resolve("away"));
        mirror.sync();
        ChromeDriver browser = start(Map.of());
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.get(mirror.url());
        await(browser).until(ExpectedConditions.textToBePresentInElementLocated(By.id("state"), "reached"));
        screenshot(browser, scheme);

        assertThat(strings(browser, CONTRASTS))
                .as("texts with a contrast below 4.5, WCAG 2.2, 1.4.3")
                .isEmpty();
        assertThat(((Number) result(browser, BACKGROUND)).doubleValue())
                .matches(luminance -> scheme.equals("dark") ? luminance < 0.1 : luminance > 0.9);
    }

    @Test
    void a_mirror_that_goes_away_is_noticed() {
        ChromeDriver browser = open();
        await(browser).until(ExpectedConditions.textToBePresentInElementLocated(By.id("connection"), "follows"));

        mirror.drain().block(DEADLINE);

        await(browser)
                .until(ExpectedConditions.textToBePresentInElementLocated(By.id("connection"), "does not answer"));
    }

    /** As WCAG 2.2 defines it. */
    private static final String LUMINANCE = """
            const luminance = color => {
              const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(Number)
                .map(value => value / 255)
                .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            """;

    private static final String BACKGROUND =
            LUMINANCE + "return luminance(getComputedStyle(document.body).backgroundColor);";

    private static final String CONTRASTS = LUMINANCE + """
            const behind = element => {
              const color = getComputedStyle(element).backgroundColor;
              return color === "rgba(0, 0, 0, 0)" ? behind(element.parentElement) : color;
            };
            const poor = [];
            for (const element of document.querySelectorAll("body *")) {
              if (!["SCRIPT", "STYLE"].includes(element.tagName) && element.innerText && !element.children.length) {
                const text = luminance(getComputedStyle(element).color);
                const back = luminance(behind(element));
                const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
                if (contrast < 4.5) poor.push(element.outerHTML + " " + contrast);
              }
            }
            return poor;
            """;

    private ChromeDriver open() {
        ChromeDriver browser = start(Map.of());
        browser.get(mirror.url());
        return browser;
    }

    private ChromeDriver start(Map<String, Object> preferences) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").orElseThrow().toFile());
        options.setExperimentalOption("prefs", preferences);
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"));
        ChromeDriver browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                program("chromedriver").orElseThrow().toFile())
                        .build(),
                options);
        opened = Optional.of(browser);
        browser.manage().window().setSize(new Dimension(900, 1_400));
        return browser;
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static WebDriverWait await(ChromeDriver browser) {
        return new WebDriverWait(browser, DEADLINE);
    }

    private static String commit(ChromeDriver browser) {
        return (String) result(browser, "return document.querySelector('#served code').textContent");
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(ChromeDriver browser, String script) {
        return (List<String>) result(browser, script);
    }

    private static Object result(ChromeDriver browser, String script) {
        return Objects.requireNonNull(browser.executeScript(script), script);
    }

    private static void screenshot(ChromeDriver browser, String name) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "screenshots"));
            Files.write(
                    folder.resolve(name.toLowerCase(Locale.ROOT) + ".png"), browser.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new AssertionError("the screenshot cannot be written", e);
        }
    }
}
