// SPDX-License-Identifier: Apache-2.0
package io.lockjam.window;

/** Straight line through a series of values, one a second, by least squares; values below 0 are missing. */
final class Slope {
    private Slope() {}

    /** Change per second; 0 if fewer than three values are known. */
    static double of(int[] values) {
        int n = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int x = 0; x < values.length; x++) {
            if (values[x] >= 0) {
                n++;
                sumX += x;
                sumY += values[x];
                sumXx += (double) x * x;
                sumXy += (double) x * values[x];
            }
        }
        double spread = n * sumXx - sumX * sumX;
        return n < 3 || spread == 0 ? 0 : (n * sumXy - sumX * sumY) / spread;
    }
}
