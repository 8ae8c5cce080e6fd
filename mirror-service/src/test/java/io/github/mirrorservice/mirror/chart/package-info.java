/** The Helm chart, rendered by Helm's own engine. */
@NullMarked
package io.github.mirrorservice.mirror.chart;

import org.jspecify.annotations.NullMarked;
