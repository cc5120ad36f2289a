// SPDX-License-Identifier: Apache-2.0
package io.lockjam.bench.service;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Answers {@code ?from=N} with ten items as text. */
final class ItemServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String QUERY = "select id, stock, name from item where id between ? and ?";

    private final transient DataSource pool;

    ItemServlet(DataSource pool) {
        this.pool = pool;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int from = Integer.parseInt(request.getParameter("from"));
        byte[] body = items(from).getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private String items(int from) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setInt(1, from);
            statement.setInt(2, from + 9);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    text.append(rows.getInt(1)).append(' ').append(rows.getInt(2));
                    text.append(' ').append(rows.getString(3)).append('\n');
                }
            }
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
        return text.toString();
    }
}
